import { randomUUID } from 'node:crypto';
import type { Asset, Report } from '../house/asset.ts';
import type { World } from '../world.ts';
import { fires, type Rule } from './rule.ts';

/** The calls that rules are still to make, in the state and therefore safe; making them is the courier's. */
export interface Outbox {
  /** A value came: every rule that looks at it judges it. */
  valueCame(asset: Asset, report: Report): void;
  /** Lets a rule call at once, whatever its condition; a raw body takes the place of its own. */
  fire(rule: Rule, rawBody?: string): void;
  /** When the next attempt is due, epoch milliseconds. */
  nextDue(): number;
}

export function createOutbox({ state, clock, faults }: World): Outbox {
  function enqueue({ ruleId }: Rule, delaySeconds: number, rawBody: string | undefined): void {
    state.waiting.push({
      callId: randomUUID(),
      ruleId,
      attempt: 1,
      dueEpochMs: clock.now() + delaySeconds * 1000,
      ...(rawBody !== undefined && { rawBody }),
    });
  }

  function tell(rule: Rule): void {
    if (faults.take('hook_lost', 'webhook')) return;
    const rawBody = faults.take('hook_junk', 'webhook')?.body;
    const delaySeconds = faults.take('hook_late', 'webhook')?.seconds ?? 0;
    const rounds = faults.take('hook_repeated', 'webhook')?.count ?? 1;
    for (let round = 0; round < rounds; round += 1) enqueue(rule, delaySeconds, rawBody);
  }

  return {
    valueCame({ assetId }, { value }) {
      for (const rule of state.rules)
        if (rule.enabled && rule.assetId === assetId && fires(rule, value)) tell(rule);
    },
    fire: (rule, rawBody) => enqueue(rule, 0, rawBody),
    nextDue: () => Math.min(...state.waiting.map(({ dueEpochMs }) => dueEpochMs)),
  };
}
