/** The front door of the benches, as a process. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'run.ts'), ...args],
    {
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

test('says what benches there are, and what options they have', () => {
  const { status, stdout } = run('--help');
  expect(status).toBe(0);
  for (const name of ['intake', 'flood', 'junk', 'deployed', '--json', '--url'])
    expect(stdout).toContain(name);
});

test.each([
  [[], 'which bench?'],
  [['speed'], 'there is no bench speed'],
  [['intake', '--quick'], "Unknown option '--quick'"],
  [['intake', '--url', 'https://api.example/webhooks/legrand/a.b'], "Unknown option '--url'"],
  [['intake', 'flood'], 'one bench at a time, not intake and flood'],
  [['deployed'], 'deployed needs --api or --url'],
])('refuses %j with exit code 2, and says why', (args, problem) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(problem);
});
