/** The two vaults as an operator meets them: a setting, a restart, and a command that moves what is linked already. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { keys } from '../../shared/store/keys.ts';
import { type Bench, startBench } from './bench.ts';
import { type Home, linkHome } from './home.ts';

const program = join(import.meta.dirname, '../../cli/vault.ts');
const folder = await mkdtemp(join(tmpdir(), 'latchkey-vault-'));
let bench: Bench = await startBench(folder);
const homes = [await linkHome(bench), await linkHome(bench), await linkHome(bench)];
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

async function restartWith(vault: 'secrets' | 'sealed'): Promise<void> {
  await bench.close();
  bench = await startBench(folder, 0, { vault });
}

async function vaultCommand(
  ...args: string[]
): Promise<{ exitCode: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, out, err };
}
const atApi = () => ['--api', bench.api, '--token', bench.token, '--json'];

async function pointerOf({ accountId }: Home) {
  const items = await bench.kept.partition(`ACCOUNT#${accountId}`);
  return items.find(({ sk }) => sk === keys.pointer(accountId).sk);
}

async function expectAllSealed(isSealed: boolean): Promise<void> {
  for (const home of homes) {
    expect((await pointerOf(home))?.sealed !== undefined).toBe(isSealed);
    expect((await bench.kept.tokenSet(home.accountId)) !== undefined).toBe(!isSealed);
    expect((await bench.client.rotate(home.accountId)).health.state).toBe('good');
    expect((await pointerOf(home))?.sealed !== undefined).toBe(isSealed);
  }
}

test('moves every account into the vault of the settings, and repeats what is done already', async () => {
  await expectAllSealed(false);
  await restartWith('sealed');
  const sealed = await vaultCommand('move', ...atApi());
  expect(sealed).toMatchObject({ exitCode: 0, out: '{"accounts":3,"moved":3}\n' });
  await expectAllSealed(true);
  expect((await vaultCommand('move', ...atApi())).out).toBe('{"accounts":3,"there":3}\n');
});

test('moves them back, those that were linked meanwhile included', async () => {
  homes.push(await linkHome(bench));
  await expectAllSealed(true);
  await restartWith('secrets');
  expect((await vaultCommand('move', ...atApi())).out).toBe('{"accounts":4,"moved":4}\n');
  await expectAllSealed(false);
});

test('unlinks from either vault without a trace', async () => {
  await restartWith('sealed');
  const home = await linkHome(bench);
  await bench.client.unlink(home.accountId);
  expect(await bench.kept.partition(`ACCOUNT#${home.accountId}`)).toEqual([]);
  expect(await bench.kept.tokenSet(home.accountId)).toBeUndefined();
});

test('says what became of every attempt to rotate', async () => {
  const home = await linkHome(bench);
  await bench.client.rotate(home.accountId);
  await bench.inside.settle();
  const rotations = await bench.client.rotations(home.accountId);
  expect(rotations.map(({ outcome }) => outcome)).toEqual(['rotated', 'linked']);
  expect(rotations[0]?.fromRefreshHash).toBe(rotations[1]?.toRefreshHash);
  expect(rotations[0]?.durationMs).toBeGreaterThanOrEqual(0);
});

test('leaves alone the accounts of another deployment until they are claimed', async () => {
  const [home] = homes as [Home];
  await bench.kept.edit(keys.pointer(home.accountId), { stackId: 'a deployment that is gone' });
  expect((await bench.client.account(home.accountId)).health).toMatchObject({
    state: 'degraded',
    cause: 'deployment_foreign',
    actor: 'operator',
  });
  await expect(bench.client.rotate(home.accountId)).rejects.toThrow('another deployment');
  expect(await vaultCommand('move', ...atApi())).toMatchObject({ exitCode: 1 });
  expect(await vaultCommand('claim', ...atApi())).toMatchObject({ exitCode: 0 });
  expect((await bench.client.rotate(home.accountId)).health.state).toBe('good');
});

test.each([
  [[], 'what is to be done'],
  [['seal'], 'what is to be done'],
  [['move', '--nope'], '--nope'],
  [['move', '--api', 'not a url', '--token', 'lk_x'], 'is not a URL'],
  [['move', '--token', 'lk_x', '--patience', 'long'], 'is not a number of seconds'],
])('refuses %j with a line that says why', async (args, says) => {
  const { exitCode, err, out } = await vaultCommand(...args);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  expect(err.split('\n')[0]).toContain(says);
});

test('tells in one line what is wrong with the token', async () => {
  const { exitCode, err } = await vaultCommand('move', '--api', bench.api, '--token', 'lk_wrong');
  expect(exitCode).toBe(1);
  expect(err).toContain('access token is not valid');
  expect(err).not.toContain('    at ');
});

test('explains itself', async () => {
  const { exitCode, out } = await vaultCommand('--help');
  expect(exitCode).toBe(0);
  expect(out).toContain('move');
});
