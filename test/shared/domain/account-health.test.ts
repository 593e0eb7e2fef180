import { expect, test } from 'vitest';
import { AccountStatus, Health } from '../../../shared/domain/account.ts';
import { accountStanding } from '../../../shared/domain/account-health.ts';
import { GrantHealth } from '../../../shared/domain/token-pointer.ts';
import { at, T0 } from './samples.ts';

const grant = (state: GrantHealth['state']): GrantHealth => ({
  state,
  cause: 'because',
  since: T0,
  strikes: 1,
});

test.each([
  ['good', 'linked', 'good', undefined],
  ['delayed', 'linked', 'degraded', 'provider'],
  ['refused', 'linked', 'degraded', 'operator'],
  ['suspect', 'linked', 'degraded', 'nobody'],
  ['dead', 'reauth_required', 'failed', 'owner'],
  ['owner_action', 'owner_action_required', 'failed', 'owner'],
] as const)('takes a grant that is %s for an account that is %s and %s', (state, status, health, actor) => {
  const standing = accountStanding(grant(state));
  expect(standing.status).toBe(status);
  expect(standing.health).toEqual({ state: health, since: T0, cause: 'because', ...(actor && { actor }) });
});

test('has a verdict that clients can read for every state of a grant', () => {
  for (const state of GrantHealth.shape.state.options) {
    const { status, health } = accountStanding(grant(state), at(60));
    expect(AccountStatus.parse(status)).toBe(status);
    expect(Health.parse(health)).toEqual(health);
  }
});

test('tells when something will be tried again, but not of an account that is well', () => {
  expect(accountStanding(grant('delayed'), at(60)).health.nextActionAt).toBe(at(60));
  expect(accountStanding(grant('good'), at(60)).health).not.toHaveProperty('nextActionAt');
});

test('invents no cause', () => {
  expect(accountStanding({ state: 'good', since: T0, strikes: 0 }).health).toEqual({
    state: 'good',
    since: T0,
  });
});
