import type { Journal } from '../../simulation/journal.ts';
import { type Courier, createCourier } from '../../simulation/webhooks/courier.ts';
import { deliver } from '../../simulation/webhooks/deliver.ts';
import type { World } from '../world.ts';
import type { WaitingCall } from './rule.ts';
import type { SeenAttempt } from './seen-attempt.ts';
import { bindText } from './template.ts';

/** @param save called after every outcome, so that a restart neither forgets nor repeats more than it must */
export function createRuleCourier(world: World, journal: Journal<SeenAttempt>, save: () => void): Courier {
  const { state, clock } = world;

  async function attempt(call: WaitingCall): Promise<void> {
    const { ruleId, callId } = call;
    const rule = state.rules.find((candidate) => candidate.ruleId === ruleId);
    // A deleted rule calls nobody any more.
    if (!rule) return;
    const { method, url, headers } = rule;
    const body = call.rawBody ?? bindText(world, rule, rule.body);
    const outcome = await deliver({
      method,
      url,
      headers,
      deadlineMs: state.settings.webhookDeadlineMs,
      ...(method !== 'GET' && { body }),
    });
    const { status = 0 } = outcome;
    const delivered = status >= 200 && status < 300;
    if (!delivered) tryAgain(call);
    const at = new Date(clock.now()).toISOString();
    journal.noteAttempt({ at, ruleId, callId, attempt: call.attempt, method, url, delivered, ...outcome });
    save();
  }

  /** As often as the setting has it; a failure shows nowhere else (contract 8.24). */
  function tryAgain(call: WaitingCall): void {
    const { webhookAttempts, webhookRetrySeconds } = state.settings;
    if (call.attempt >= webhookAttempts) return;
    const dueEpochMs = clock.now() + webhookRetrySeconds * 1000;
    state.waiting.push({ ...call, attempt: call.attempt + 1, dueEpochMs });
  }

  return createCourier(state, clock, attempt);
}
