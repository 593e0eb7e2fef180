import { defineConfig } from 'vitest/config';

/** `--import` rather than a setup file, so that worker threads and child processes are guarded as well. */
const loopbackOnly = ['--import', './test/loopback-only.ts'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    execArgv: loopbackOnly,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
