import { expect, test } from 'vitest';
import { AccountStatus, Health, HealthCause } from '../../../shared/domain/account.ts';
import {
  accountStanding,
  healthNow,
  healthWords,
  lastingHealth,
} from '../../../shared/domain/account-health.ts';
import { GrantHealth } from '../../../shared/domain/grant-health.ts';
import { at, T0 } from './samples.ts';

const grant = (state: GrantHealth['state']): GrantHealth => ({
  state,
  cause: 'provider_failing',
  since: T0,
  strikes: 1,
});

test.each([
  ['good', 'linked', 'good', undefined],
  ['delayed', 'linked', 'degraded', 'provider'],
  ['suspect', 'linked', 'degraded', 'latchkey'],
  ['dead', 'reauth_required', 'failed', 'owner'],
  ['owner_action', 'owner_action_required', 'failed', 'owner'],
] as const)('takes a grant that is %s for an account that is %s and %s', (state, status, health, actor) => {
  const standing = accountStanding(grant(state));
  expect(standing.status).toBe(status);
  expect(standing.health).toEqual({
    state: health,
    since: T0,
    cause: 'provider_failing',
    ...(actor && { actor }),
  });
});

test('has a verdict that clients can read for every state of a grant', () => {
  for (const state of GrantHealth.shape.state.options) {
    const { status, health } = accountStanding(grant(state), { nextActionAt: at(60) });
    expect(AccountStatus.parse(status)).toBe(status);
    expect(Health.parse(health)).toEqual(health);
  }
});

test('tells when something will be tried again, but not of an account that is well', () => {
  expect(accountStanding(grant('delayed'), { nextActionAt: at(60) }).health.nextActionAt).toBe(at(60));
  expect(accountStanding(grant('good'), { nextActionAt: at(60) }).health).not.toHaveProperty('nextActionAt');
});

test('invents no cause', () => {
  expect(accountStanding({ state: 'good', since: T0 }).health).toEqual({
    state: 'good',
    since: T0,
  });
});

test('shows that the provider refuses every call, unless the grant is of no use anyway', () => {
  const terms = { cause: 'provider_terms', since: at(30) } as const;
  const application = { cause: 'application_refused', since: at(30) } as const;
  expect(accountStanding(grant('good'), { calls: terms })).toEqual({
    status: 'owner_action_required',
    health: { state: 'failed', cause: 'provider_terms', actor: 'owner', since: at(30) },
  });
  expect(accountStanding(grant('good'), { calls: application })).toEqual({
    status: 'linked',
    health: { state: 'degraded', cause: 'application_refused', actor: 'operator', since: at(30) },
  });
  for (const calls of [terms, application])
    expect(accountStanding(grant('dead'), { calls })).toEqual(accountStanding(grant('dead')));
});

test('shows that the provider refuses a new access token until the next one, unless something worse is the matter', () => {
  const calls = { cause: 'application_refused', since: at(30) } as const;
  const refused = accountStanding({ state: 'good', since: T0 }, { isTokenRefused: true });
  expect(refused).toEqual({
    status: 'linked',
    health: { state: 'degraded', cause: 'access_refused', actor: 'owner', since: T0 },
  });
  const nextActionAt = at(60);
  expect(healthNow(refused.health, { isForeign: false, rotateAt: nextActionAt })).toEqual({
    ...refused.health,
    nextActionAt,
  });
  for (const [state, experience] of [
    ['delayed', {}],
    ['dead', {}],
    ['good', { calls }],
  ] as const)
    expect(accountStanding(grant(state), { ...experience, isTokenRefused: true })).toEqual(
      accountStanding(grant(state), experience),
    );
});

test('lasts without what every rotation and every attempt moves', () => {
  expect(lastingHealth({ ...good, nextActionAt: at(90) })).toEqual({ state: 'good' });
  const outage = { state: 'degraded', actor: 'provider', since: T0 } as const;
  for (const cause of ['provider_failing', 'rotation_outcome_unknown'] as const)
    expect(lastingHealth({ ...outage, cause, nextActionAt: at(90) })).toEqual(outage);
  expect(lastingHealth(failed)).toEqual(failed);
});

test('has words of its own for every cause, and says what happens next', () => {
  const words = HealthCause.options.map((cause) => healthWords({ cause, state: 'degraded' }));
  expect(new Set(words.map(({ explanation }) => explanation)).size).toBe(HealthCause.options.length);
  for (const { explanation, next } of words) {
    expect(explanation).toMatch(/^[A-Z].*\.$/);
    expect(next).toMatch(/^[A-Z].*\.$/);
  }
});

test('asks the provider about an invalid grant for a day, and then nobody but the owner', () => {
  expect(healthWords({ cause: 'grant_invalid', state: 'degraded' }).next).toContain('every hour');
  expect(healthWords({ cause: 'grant_invalid', state: 'failed' }).next).toContain('links the account again');
});

const good: Health = { state: 'good', since: T0 };
const failed: Health = { state: 'failed', cause: 'grant_invalid', actor: 'owner', since: T0 };
const refused = {
  provider: 'legrand',
  cause: 'application_refused',
  since: at(30),
  closedUntil: at(90),
  strikes: 1,
  used: 0,
} as const;

test('tells of an account that is well when its tokens are due', () => {
  expect(healthNow(good, { isForeign: false, rotateAt: at(60) })).toEqual({ ...good, nextActionAt: at(60) });
});

test('lays what is wrong with all accounts of a provider at the operator’s door', () => {
  expect(healthNow(good, { gate: refused, isForeign: false, rotateAt: at(60) })).toEqual({
    state: 'degraded',
    cause: 'application_refused',
    actor: 'operator',
    since: at(30),
    nextActionAt: at(90),
  });
});

test('does not hide behind it that an owner has to link again', () => {
  expect(healthNow(failed, { gate: refused, isForeign: false })).toEqual(failed);
});

test('says first of all that an account is another deployment’s', () => {
  expect(healthNow(failed, { gate: refused, isForeign: true })).toMatchObject({
    cause: 'deployment_foreign',
    actor: 'operator',
  });
});

const ofAccount = { of: 'account', window: 'day' } as const;
const ofApplication = { of: 'application', window: 'hour' } as const;
test.each([
  ['quota_used_up', 'provider', { limit: ofAccount }, { usedUp: { limit: ofAccount, until: at(60) } }],
  [
    'quota_used_up',
    'operator',
    { limit: ofApplication },
    { usedUp: { limit: ofApplication, until: at(60) } },
  ],
] as const)(
  'says %s, for the %s, of an account whose grant is good',
  (cause, actor, detail, circumstances) => {
    const health = { state: 'degraded', cause, actor, since: T0, nextActionAt: at(60), ...detail };
    expect(healthNow(good, { isForeign: false, ...circumstances })).toEqual(health);
    expect(healthNow(failed, { isForeign: false, ...circumstances })).toEqual(failed);
  },
);

test('names the window and the time where it is the application whose calls are spent', () => {
  const usedUp = { limit: ofApplication, until: at(60) };
  const words = healthWords(healthNow(good, { isForeign: false, usedUp }));
  expect(words.explanation).toContain(`whole application of this hour are spent until ${at(60)}`);
  expect(words.next).toContain('operator');
  const blocked = healthNow(good, { isForeign: false, usedUp: { ...usedUp, limit: { of: 'application' } } });
  expect(healthWords(blocked).explanation).toContain(`whole application are spent until ${at(60)}`);
});
