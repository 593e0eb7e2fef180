import type { Account, AccountStatus, Health } from './account.ts';
import type { UtcTime } from './time.ts';
import type { GrantHealth } from './token-pointer.ts';

/** What the state of a grant means to whoever looks at the account. */
const verdicts: Record<
  GrantHealth['state'],
  { status: AccountStatus; state: Health['state']; actor?: NonNullable<Health['actor']> }
> = {
  good: { status: 'linked', state: 'good' },
  delayed: { status: 'linked', state: 'degraded', actor: 'provider' },
  refused: { status: 'linked', state: 'degraded', actor: 'operator' },
  suspect: { status: 'linked', state: 'degraded', actor: 'nobody' },
  dead: { status: 'reauth_required', state: 'failed', actor: 'owner' },
  owner_action: { status: 'owner_action_required', state: 'failed', actor: 'owner' },
};

export function accountStanding(
  grant: GrantHealth,
  nextActionAt?: UtcTime,
): Pick<Account, 'status' | 'health'> {
  const { status, state, actor } = verdicts[grant.state];
  return {
    status,
    health: {
      state,
      since: grant.since,
      ...(grant.cause !== undefined && { cause: grant.cause }),
      ...(actor !== undefined && { actor }),
      ...(nextActionAt !== undefined && state !== 'good' && { nextActionAt }),
    },
  };
}
