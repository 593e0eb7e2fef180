import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createFaults } from '../../../infra/local/aws/faults.ts';
import { createAuthentication } from '../../../shared/actions/authenticate.ts';
import { createToken, revokeToken } from '../../../shared/actions/manage-tokens.ts';
import { operatorAccess } from '../../../shared/domain/access.ts';
import { hashSecret } from '../../../shared/domain/ids.ts';
import { Scope } from '../../../shared/domain/scope.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import { createOperatorHash } from '../../../shared/vault/operator-token.ts';
import { createSecrets } from '../../../shared/vault/secrets.ts';
import { useAws } from '../aws.ts';
import { useStore } from '../store/use-store.ts';

const faults = createFaults();
const { store } = useStore(faults);
const aws = useAws();
const T0 = Date.parse('2026-01-15T12:00:00Z');
const operatorToken = `lk_${'t'.repeat(43)}`;

/** Processes of their own share nothing but the table. */
function aProcess(clock: { now: number }) {
  return createAuthentication({
    operatorHash: async () => hashSecret(operatorToken),
    accessTokens: store().accessTokens,
    now: () => clock.now,
  });
}

const aToken = async (clock: { now: number }, expiresAt?: string) =>
  await createToken({ store: store(), now: () => clock.now }, operatorAccess, {
    reach: { kind: 'workspace' },
    scopes: ['comfort.read', 'events.read'],
    label: 'a test',
    expiresAt,
  });

const codeOf = (error: { code: string }) => error.code;

describe("the deployment's own token", () => {
  test.each([
    ['as it is', `Bearer ${operatorToken}`, true],
    ['with the scheme in other letters', `bearer ${operatorToken}`, true],
    ['another one', `Bearer lk_${'x'.repeat(43)}`, false],
    ['without its prefix', `Bearer ${'t'.repeat(43)}`, false],
    ['with more behind it', `Bearer ${operatorToken}x`, false],
    ['with another scheme', `Basic ${operatorToken}`, false],
    ['not there', undefined, false],
    ['empty', 'Bearer ', false],
    ['a thousand characters', `Bearer lk_${'t'.repeat(1000)}`, false],
  ])('%s', async (_, header, isGood) => {
    const judged = await aProcess({ now: T0 })(header).catch(codeOf);
    expect(judged).toEqual(isGood ? operatorAccess : 'access_unauthenticated');
  });

  test('may do everything', () => {
    expect(operatorAccess.scopes).toEqual(Scope.options);
  });

  test('is known within five seconds after its secret was changed', async () => {
    const secrets = createSecrets(aws().secretsManager);
    const name = `latchkey/test/${randomUUID()}`;
    await secrets.create(name, JSON.stringify({ token: 'a'.repeat(43) }), randomUUID());
    const clock = { now: T0 };
    const hashOf = createOperatorHash(secrets, name, { now: () => clock.now, trustMs: 5_000 });
    expect(await hashOf()).toBe(hashSecret(`lk_${'a'.repeat(43)}`));
    await secrets.put(name, JSON.stringify({ token: 'b'.repeat(43) }), randomUUID());
    clock.now += 4_999;
    expect(await hashOf()).toBe(hashSecret(`lk_${'a'.repeat(43)}`));
    clock.now += 1;
    expect(await hashOf()).toBe(hashSecret(`lk_${'b'.repeat(43)}`));
  });
});

describe('a token that was made', () => {
  test('says who it is and what it may do, and is kept as a hash only', async () => {
    const clock = { now: T0 };
    const { token, bearer } = await aToken(clock);
    expect(await aProcess(clock)(`Bearer ${bearer}`)).toEqual({
      tokenId: token.tokenId,
      reach: { kind: 'workspace' },
      scopes: ['comfort.read', 'events.read'],
    });
    expect(bearer).toMatch(/^lk_[0-9a-z]{26}_[\w-]{43}$/);
    const secret = bearer.slice(-43);
    expect(JSON.stringify(await store().accessTokens.get(token.tokenId))).not.toContain(secret);
  });

  test.each([
    ['with another secret', (bearer: string) => `${bearer.slice(0, -43)}${'x'.repeat(43)}`],
    ['with an id that there is not', (bearer: string) => `lk_${'0'.repeat(26)}_${bearer.slice(-43)}`],
    ['cut short', (bearer: string) => bearer.slice(0, -1)],
    ['with its secret alone', (bearer: string) => `lk_${bearer.slice(-43)}`],
  ])('is refused %s, always in the same words', async (_, spoil) => {
    const clock = { now: T0 };
    const { bearer } = await aToken(clock);
    await expect(aProcess(clock)(`Bearer ${spoil(bearer)}`)).rejects.toMatchObject({
      code: 'access_unauthenticated',
      message: 'the access token is not valid',
    });
  });

  test('is refused from its expiry on', async () => {
    const clock = { now: T0 };
    const { bearer } = await aToken(clock, toUtc(T0 + 60_000));
    const authenticate = aProcess(clock);
    clock.now = T0 + 59_999;
    expect(await authenticate(`Bearer ${bearer}`)).toMatchObject({ scopes: ['comfort.read', 'events.read'] });
    clock.now = T0 + 60_000;
    await expect(authenticate(`Bearer ${bearer}`)).rejects.toThrow('expired at 2026-01-15T12:01:00.000Z');
  });

  test('is refused five seconds after it was revoked, also by a process that has just used it', async () => {
    const clock = { now: T0 };
    const { token, bearer } = await aToken(clock);
    const authenticate = aProcess(clock);
    await authenticate(`Bearer ${bearer}`);
    await revokeToken({ store: store(), now: () => clock.now }, token.tokenId);
    await expect(aProcess(clock)(`Bearer ${bearer}`)).rejects.toMatchObject({
      code: 'access_unauthenticated',
    });
    clock.now += 5_000;
    await expect(authenticate(`Bearer ${bearer}`)).rejects.toMatchObject({ code: 'access_unauthenticated' });
    expect(await store().accessTokens.get(token.tokenId)).toBeUndefined();
  });

  test('has its use noted at most once an hour, and none after it was revoked', async () => {
    const clock = { now: T0 };
    const { token, bearer } = await aToken(clock);
    const authenticate = aProcess(clock);
    const lastUse = async () => (await store().accessTokens.get(token.tokenId))?.lastUsedAt;
    await authenticate(`Bearer ${bearer}`);
    expect(await lastUse()).toBe(toUtc(T0));
    clock.now += 3_599_000;
    await authenticate(`Bearer ${bearer}`);
    expect(await lastUse()).toBe(toUtc(T0));
    clock.now += 2_000;
    await authenticate(`Bearer ${bearer}`);
    expect(await lastUse()).toBe(toUtc(clock.now));
    clock.now += 3_600_000;
    await authenticate(`Bearer ${bearer}`);
    await revokeToken({ store: store(), now: () => clock.now }, token.tokenId);
    clock.now += 3_601;
    await authenticate(`Bearer ${bearer}`).catch(() => undefined);
    expect(await store().accessTokens.get(token.tokenId)).toBeUndefined();
  });

  test('is let in though its use cannot be noted', async () => {
    const clock = { now: T0 };
    const { bearer } = await aToken(clock);
    faults.add({ action: 'UpdateItem', effect: 'fail', times: 5 });
    expect(await aProcess(clock)(`Bearer ${bearer}`)).toMatchObject({ reach: { kind: 'workspace' } });
    faults.clear();
  });
});
