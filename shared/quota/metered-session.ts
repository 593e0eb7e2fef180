import type { CallPurpose } from '../domain/call-limits.ts';
import type { Provider, Session } from '../providers/provider.ts';
import type { CallStanding } from './call-standing.ts';
import type { Ledger } from './ledger.ts';

export interface Metering {
  readonly ledger: Ledger;
  readonly standing: CallStanding;
  readonly provider: Pick<Provider, 'limits' | 'judge'>;
  readonly purpose: CallPurpose;
}

/** A session that pays for each request that leaves, and heeds what the answers say of the account. */
export function meteredSession(session: Session, metering: Metering): Session {
  const { ledger, standing, provider, purpose } = metering;
  const { accountId } = session;
  return {
    accountId,
    async send(request) {
      let needsOwner = false;
      const answer = await session.send({
        ...request,
        async beforeSend() {
          const quota = await ledger.spend(accountId, provider.limits.account, purpose);
          needsOwner = quota.ownerActionSince !== undefined;
          // Last, because asking the budget takes its time.
          await request.beforeSend?.();
        },
      });
      const refusal = provider.judge(answer);
      if (refusal?.code === 'provider_throttled')
        await ledger.block(accountId, refusal.details.retryAfterSeconds);
      if (refusal?.code === 'owner_action_required') await standing.ownerHasToAct(accountId);
      if (refusal === undefined && needsOwner) await standing.ownerHasActed(accountId);
      return answer;
    },
  };
}
