import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listen } from '../../../infra/local/http-server.ts';

const root = join(import.meta.dirname, '../../..');
const runFile = join(root, 'infra/local/run.ts');
const guard = ['--import', join(root, 'test/loopback-only.ts')];
let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-run-'));
  children = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

function run(...args: string[]) {
  const child = spawn(process.execPath, [...guard, runFile, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function outcomeOf(...args: string[]) {
  const child = run(...args);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: child.exitCode };
}

interface Ready {
  readonly api: string;
  readonly token: string;
  readonly providers: { readonly legrand: string; readonly netatmo: string };
}

async function start(...args: string[]) {
  const child = run('--json', ...args);
  const complaint = text(child.stderr);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', async () => reject(new Error(`ended before it was ready: ${await complaint}`)));
  });
  return { child, ready: JSON.parse(line) as Ready };
}

test('answers in one line to arguments that it does not know', async () => {
  for (const [args, problem] of [
    [['--colour'], "Unknown option '--colour'"],
    [['--port', 'many'], '--port takes a number from 0 to 65532, not many'],
    [['--port', '70000'], '--port takes a number from 0 to 65532, not 70000'],
    [['--port'], "Option '--port <value>' argument missing"],
    [['now'], "Unexpected argument 'now'"],
  ] as const) {
    expect(await outcomeOf(...args)).toEqual({ stdout: '', stderr: `latchkey: ${problem}\n`, code: 2 });
  }
  expect(await outcomeOf('--help')).toMatchObject({ stdout: expect.stringContaining('--fresh'), code: 0 });
});

test('says in one line that a port is taken or the state folder cannot be used', async () => {
  const taken = await listen((_, response) => response.end(), 0);
  const { stderr, code } = await outcomeOf('--port', String(taken.port));
  expect(stderr.trim().split('\n').at(-1)).toBe(`latchkey: port ${taken.port} is taken`);
  expect(code).toBe(1);
  await taken.close();

  await rm(join(folder, '.latchkey'), { recursive: true });
  await writeFile(join(folder, '.latchkey'), 'a file where a folder should be');
  const unusable = await outcomeOf('--port', '0');
  expect(unusable.stderr.trim().split('\n').at(-1)).toMatch(/^latchkey: state folder .*\.latchkey: /);
  expect(unusable.code).toBe(1);
});

test('says in one line what is missing of another cloud', async () => {
  vi.stubEnv('LATCHKEY_NETATMO_URL', 'https://netatmo.example');
  expect(await outcomeOf('--port', '0')).toEqual({
    stdout: '',
    stderr:
      'latchkey: another Netatmo cloud is named, but not all of it: ' +
      'LATCHKEY_NETATMO_CLIENT_ID, LATCHKEY_NETATMO_CLIENT_SECRET missing\n',
    code: 2,
  });
});

test('tells people where each cloud is and whom to sign in as there', async () => {
  const child = run('--port', '0');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line.trim());
    if (line.includes('curl')) break;
  }
  child.kill('SIGTERM');
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Legrand +http:.+: sign in as marie@example\.net \/ legrand,/),
      expect.stringMatching(/^Netatmo +http:.+: sign in as claire@example\.net \/ netatmo,/),
    ]),
  );
  await once(child, 'close');
});

test('starts, refuses a second on its folder, survives SIGKILL, forgets when told to, and stops cleanly', async () => {
  const first = await start('--port', '0');
  expect(first.ready.token).toMatch(/^lk_[A-Za-z0-9]{43}$/);
  const health = await fetch(`${first.ready.api}/health`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  const accounts = (token: string) =>
    fetch(`${first.ready.api}/v1/accounts`, { headers: { authorization: `Bearer ${token}` } });
  expect((await accounts(first.ready.token)).status).toBe(200);
  expect((await accounts('lk_wrong')).status).toBe(401);
  for (const cloud of [first.ready.providers.legrand, first.ready.providers.netatmo])
    expect((await fetch(`${cloud}/_sim/`)).status).toBe(200);

  const second = await outcomeOf('--port', '0');
  expect(second.stderr).toContain('another local cloud is using it');
  expect(second.code).toBe(1);

  first.child.kill('SIGKILL');
  await once(first.child, 'close');
  const again = await start('--port', '0');
  expect(again.ready.token).toBe(first.ready.token);
  again.child.kill('SIGINT');
  await once(again.child, 'close');
  expect(again.child.exitCode).toBe(0);
  await expect(fetch(again.ready.api)).rejects.toThrow();

  const fresh = await start('--port', '0', '--fresh');
  expect(fresh.ready.token).not.toBe(first.ready.token);
  fresh.child.kill('SIGTERM');
  await once(fresh.child, 'close');
  expect(fresh.child.exitCode).toBe(0);
}, 60_000);
