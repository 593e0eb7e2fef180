import type { Command } from '../domain/command.ts';
import { LatchkeyError } from '../domain/error.ts';
import { errorPolicy } from '../domain/error-policy.ts';
import { toProblem } from '../domain/problem.ts';
import type { CommandOutcome, DueCommand } from '../store/commands.ts';
import type { RotationLog } from '../vault/rotation-log.ts';
import { aimCommand } from './aim-command.ts';
import { CALL_NEEDS_MS, carryOnCommand, conclude, giveUp } from './carry-on-command.ts';
import type { CommandDependencies } from './command-dependencies.ts';
import { workInLanes } from './lanes.ts';
import { fullSight } from './sight.ts';

/** Commands worked on at a time. */
const LANES = 8;

export interface ContinuedCounts extends Record<string, number> {
  due: number;
  /** Whose sender was lost in the middle of an attempt. */
  lost: number;
}

/** Goes on with the commands that wait, each by one attempt a run, and says of the ones whose sender was lost so. */
export async function continueCommands(
  deps: CommandDependencies & { readonly log: RotationLog },
): Promise<ContinuedCounts> {
  const counts = { due: 0, lost: 0 };
  await workInLanes(
    deps.store.commands.due(deps.now()),
    {
      lanes: LANES,
      remainingMs: deps.remainingMs,
      itemNeedsMs: CALL_NEEDS_MS,
      // It stays in flight until its lease has passed, and is unknown then; the error is the operator's to see.
      onFailure: ({ accountId }, error) =>
        deps.log.error('command crashed', { accountId, reason: String(error) }),
    },
    async (due) => {
      counts.due++;
      if (due.status === 'sending') counts.lost++;
      await goOn(deps, due);
    },
  );
  return counts;
}

async function goOn(deps: CommandDependencies, { dueAt: _, ...command }: DueCommand): Promise<Command> {
  if (command.status === 'sending') {
    const account = await deps.store.accounts.get(command.accountId);
    return await conclude(deps, command, lost(), account?.provider);
  }
  try {
    return await carryOnCommand(
      deps,
      command,
      await aimCommand({ ...deps, sight: fullSight(deps.store) }, command),
      deps.now(),
    );
  } catch (error) {
    if (!(error instanceof LatchkeyError) || errorPolicy[error.code].retry === 'later') throw error;
    // Nothing of this attempt has been claimed yet: the module, or the account, is not what it was.
    return await giveUp(deps, command, { status: 'failed', problem: toProblem(error) });
  }
}

function lost(): CommandOutcome {
  const error = new LatchkeyError('internal_error', 'the sender was stopped in the middle of an attempt', {
    details: { remedy: "Look at the module's state, and send the command again if it is still wanted" },
  });
  return { status: 'unknown', problem: toProblem(error) };
}
