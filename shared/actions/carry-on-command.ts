import type { Command } from '../domain/command.ts';
import { toProblem } from '../domain/problem.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { toUtc } from '../domain/time.ts';
import { type CommandOutcome, IN_HAND_MS } from '../store/commands.ts';
import type { Store } from '../store/store.ts';
import type { Aim } from './aim-command.ts';
import { attemptCommand, expiryOf } from './attempt-command.ts';
import type { CommandDependencies } from './command-dependencies.ts';

/** A call to a module takes at most this, milliseconds; none is begun with less left of the function's time. */
export const CALL_NEEDS_MS = 9_000;
/** What a call takes as a rule, milliseconds: a repeat that would end after the client's patience is not made in it. */
const CALL_TAKES_MS = 1_000;

/**
 * Makes the next attempt of a waiting command, and its repeats as long as they end before `deadlineMs`; what is left
 * goes on by the schedule.
 * @returns the command as it is then; where somebody else has it in hand, as they have left it
 */
export async function carryOnCommand(
  deps: CommandDependencies,
  waiting: Command,
  aim: Aim,
  deadlineMs: number,
): Promise<Command> {
  const { store, now, sleep } = deps;
  for (let command = waiting; ; ) {
    const expired = expiryOf(command, now());
    if (expired) return await giveUp(deps, command, { status: 'expired', problem: toProblem(expired) });
    const sending = await store.commands.claim(command, toUtc(now()));
    if (sending === 'refused') return await present(store, command);
    const attempted = await attemptCommand(deps, sending, aim);
    if (attempted.kind === 'over') return await conclude(deps, sending, attempted.outcome, aim.provider);

    const pauseMs = attempted.afterSeconds * 1000;
    const nextMs = now() + pauseMs;
    const goesOn = nextMs + CALL_TAKES_MS <= deadlineMs && deps.remainingMs() > pauseMs + CALL_NEEDS_MS;
    const postponed = await store.commands.postpone(sending, {
      nextAttemptAt: toUtc(nextMs),
      dueAt: toUtc(goesOn ? nextMs + IN_HAND_MS : nextMs),
      problem: attempted.problem,
    });
    if (postponed === 'refused') return await present(store, sending);
    if (!goesOn) return postponed;
    await sleep(pauseMs);
    command = postponed;
  }
}

/** Finishes a command with what became of it; where somebody else has done so already, theirs counts. */
export async function conclude(
  { store, now, providerOf }: CommandDependencies,
  command: Command,
  outcome: CommandOutcome,
  provider?: ProviderName,
): Promise<Command> {
  const finished = await store.commands.finish(command, outcome);
  if (finished === 'refused') return await present(store, command);
  if (provider && (finished.status === 'succeeded' || finished.status === 'unknown')) {
    // Where no webhook shows the effect in time, the state is asked for.
    const { observeSeconds } = providerOf(provider).polling;
    await store.syncJobs.hasten(command.accountId, 'state', toUtc(now() + observeSeconds * 1000));
  }
  return finished;
}

/** Finishes a command that will have no effect any more. */
export async function giveUp(
  deps: CommandDependencies,
  command: Command,
  outcome: CommandOutcome,
): Promise<Command> {
  await deps.store.modules.forgetEffect(command, command.commandId);
  return await conclude(deps, command, outcome);
}

async function present(store: Store, command: Command): Promise<Command> {
  return (await store.commands.get(command.commandId)) ?? command;
}
