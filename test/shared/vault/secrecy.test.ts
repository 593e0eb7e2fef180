/** Whatever goes wrong, no token, code or client secret shows: not in an error, not in the log, not in the table. */
import { inspect } from 'node:util';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { toProblem } from '../../../shared/domain/problem.ts';
import { VaultKind } from '../../../shared/domain/vault-kind.ts';
import { startTokenServer, type TokenFault, type TokenServer } from './token-server.ts';
import { useVaultBench } from './vault-bench.ts';

describe.each(VaultKind.options)('with the vault «%s»', (kind) => {
  let server: TokenServer;
  const bench = useVaultBench(() => server, kind);
  beforeEach(async () => {
    server = await startTokenServer('strict');
    bench.lines.length = 0;
  });
  afterEach(() => {
    bench.faults.clear();
    return server.close();
  });

  function expectNoSecret(text: string): void {
    // Parts as well: JSON parsers quote what is around the place they stumble over.
    for (const secret of server.secrets())
      for (const part of [secret, secret.slice(-12)]) expect(text).not.toContain(part);
  }

  function expectErrorKeepsQuiet(error: unknown): void {
    expect(error).toBeInstanceOf(LatchkeyError);
    expectNoSecret(inspect(error, { depth: 20, showHidden: true }));
    expectNoSecret(JSON.stringify(error));
    expectNoSecret(JSON.stringify(toProblem(error as LatchkeyError)));
  }

  const faults: TokenFault[] = [
    'throttled',
    'unavailable',
    'html',
    'invalid_grant',
    'invalid_client',
    'secret_expired',
    'terms_changed',
    'bad_request',
    'hang_committed',
    'reset_committed',
    'half',
    'junk',
    'no_access_token',
  ];

  test.each(faults)('a rotation that ends with %s keeps them', async (fault) => {
    const { accountId } = await bench.linked();
    server.failNext(fault);
    const outcome = await bench.newVault().rotate(accountId, { knownGeneration: 1 });
    if (outcome.kind !== 'failed') throw new Error('the fault had no effect');
    expectErrorKeepsQuiet(outcome.error);
    expect(bench.lines).not.toEqual([]);
    expectNoSecret(bench.lines.join('\n'));
  });

  test.each(faults)('a link that ends with %s keeps them', async (fault) => {
    const code = server.newCode();
    server.failNext(fault);
    const error = await bench
      .newVault()
      .redeem('legrand', code, 'https://reply')
      .catch((caught) => caught);
    expectErrorKeepsQuiet(error);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(code);
  });

  const secretsManagerFaults = [
    ['secretsmanager', 'PutSecretValue', 'fail'],
    ['secretsmanager', 'PutSecretValue', 'cut'],
    ['secretsmanager', 'GetSecretValue', 'fail'],
  ] as const;
  test.each([
    ...(kind === 'secrets' ? secretsManagerFaults : []),
    ['dynamodb', 'UpdateItem', 'fail'],
    ['dynamodb', 'UpdateItem', 'cut'],
  ] as const)(
    'a rotation during which %s does not do %s (%s) keeps them',
    async (service, action, effect) => {
      const { accountId } = await bench.linked();
      const skip = service === 'dynamodb' ? 1 : 0;
      bench.faults.add({ service, action, effect, skip, times: 1000 });
      const failure = await bench
        .newVault()
        .rotate(accountId, { knownGeneration: 1, insist: true })
        .then((outcome) => (outcome.kind === 'failed' ? outcome.error : undefined))
        .catch((error) => error);
      expectErrorKeepsQuiet(failure);
      expectNoSecret(bench.lines.join('\n'));
    },
  );

  test('the table holds only hashes and what is sealed', async () => {
    const { accountId } = await bench.linked();
    await bench.newVault().rotate(accountId, { knownGeneration: 1 });
    server.failNext('junk');
    await bench.newVault().rotate(accountId, { knownGeneration: 2 });
    const { dynamodb, tableName } = bench.aws();
    const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: tableName }));
    expect(Items.map((item) => item.sk?.S)).toContainEqual(expect.stringMatching(/^ESCROW#/));
    expectNoSecret(JSON.stringify(Items));
  });
});
