import { defineConfig } from 'vitest/config';

/** `--require` rather than a setup file, so that worker threads and child processes are guarded as well. */
const loopbackOnly = ['--require', './test/loopback-only.ts'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    execArgv: loopbackOnly,
    // Most of the time is spent waiting for servers, so more files than cores can run at once.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
