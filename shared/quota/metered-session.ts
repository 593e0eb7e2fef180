import type { CallPurpose } from '../domain/call-limits.ts';
import { LatchkeyError } from '../domain/error.ts';
import type { Provider, Session } from '../providers/provider.ts';
import type { CallStanding } from './call-standing.ts';
import type { Ledger } from './ledger.ts';

export interface Metering {
  readonly ledger: Ledger;
  readonly standing: CallStanding;
  readonly provider: Pick<Provider, 'name' | 'limits' | 'judge'>;
  readonly purpose: CallPurpose;
  /** Told when what an answer says of the account could not be written down. */
  readonly onUnnoted: (accountId: string, error: LatchkeyError) => void;
}

/** A session that pays for each request that leaves, and heeds what the answers say of the account. */
export function meteredSession(session: Session, metering: Metering): Session {
  const { ledger, standing, provider, purpose, onUnnoted } = metering;
  const { accountId } = session;
  return {
    accountId,
    async send(request) {
      let wasRefused = false;
      const answer = await session.send({
        ...request,
        async beforeSend() {
          const quota = await ledger.spend({ accountId, provider: provider.name }, provider.limits, purpose);
          wasRefused = quota.refused !== undefined;
          // Last, because asking the budget takes its time.
          await request.beforeSend?.();
        },
      });
      try {
        await heed(provider.judge(answer), wasRefused);
      } catch (error) {
        // The answer counts for more: the call was made, and whoever made it has to know what became of it.
        if (!(error instanceof LatchkeyError)) throw error;
        onUnnoted(accountId, error);
      }
      return answer;
    },
  };

  async function heed(refusal: LatchkeyError | undefined, wasRefused: boolean): Promise<void> {
    if (refusal === undefined && wasRefused) await standing.accepted(accountId);
    if (refusal?.code === 'provider_throttled') {
      const { limitOf, retryAfterSeconds } = refusal.details;
      const holder = limitOf === 'application' ? { application: provider.name } : { accountId };
      await ledger.block(holder, retryAfterSeconds);
    }
    if (refusal?.code === 'owner_action_required') await standing.refused(accountId, 'provider_terms');
    if (refusal?.code === 'config_invalid') await standing.refused(accountId, 'application_refused');
  }
}
