import { expect, test } from 'vitest';
import { VaultKind } from '../../shared/domain/vault-kind.ts';
import { rotationModes } from '../shared/vault/token-family.ts';
import { parseCommandLine } from './command-line.ts';

test('asks for the whole matrix unless told otherwise', () => {
  const whole = { json: false, short: false, write: false, orders: false, help: false };
  expect(parseCommandLine([])).toEqual({ ...whole, modes: rotationModes, vaults: VaultKind.options });
  expect(parseCommandLine(['--mode', 'grace', '--mode', 'reuse', '--json'])).toMatchObject({
    json: true,
    modes: ['grace', 'reuse'],
  });
});

test.each([
  [['--mode', 'wild'], '--mode takes strict, reuse, grace, reissue, not wild'],
  [['--mutate', 'x'], /^--mutate takes keep-after-commit, /],
  [['--write', '--short'], '--write takes a whole run'],
  [['--orders', '--short'], '--orders goes with --json only'],
  [['--nonsense'], "Unknown option '--nonsense'"],
])('refuses %j', (args, problem) => {
  expect(parseCommandLine(args)).toEqual({
    problem: typeof problem === 'string' ? problem : expect.stringMatching(problem),
  });
});
