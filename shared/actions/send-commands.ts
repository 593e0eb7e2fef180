import type { Command } from '../domain/command.ts';
import type { ModuleWish } from '../domain/command-action.ts';
import { LatchkeyError } from '../domain/error.ts';
import { accountOf, commandIdFor, newCommandId } from '../domain/ids.ts';
import { type Problem, toProblem } from '../domain/problem.ts';
import { type Aim, aimCommand } from './aim-command.ts';
import { CALL_NEEDS_MS, carryOnCommand } from './carry-on-command.ts';
import type { CommandDependencies } from './command-dependencies.ts';
import { claimKey, fingerprintOf } from './command-key.ts';
import { acceptCommand, type CommandRequest } from './send-command.ts';
import type { Seeing } from './sight.ts';

export interface BatchRequest
  extends Pick<CommandRequest, 'expiresAt' | 'idempotencyKey' | 'tokenId' | 'patienceSeconds'> {
  readonly plantId: string;
  /** Each module at most once. */
  readonly wishes: readonly { readonly moduleId: string; readonly wish: ModuleWish }[];
}

/** What became of one wish of a batch: a command, or the problem that there is none for. */
export type BatchResult = { moduleId: string } & ({ command: Command } | { problem: Problem });

/** Modules of a batch worked on at a time: they share one account, and its cloud counts calls. */
const LANES = 4;

/**
 * Sends commands to modules of one plant. All are kept before the first is sent, so that what does not fit into the
 * request goes on by the schedule; a wish that is refused does not touch the others.
 * @throws {LatchkeyError} plant_unknown, command_conflict – nothing was sent, and nothing will be
 */
export async function sendCommands(
  deps: CommandDependencies & Seeing,
  request: BatchRequest,
): Promise<BatchResult[]> {
  const { plantId, wishes, expiresAt, idempotencyKey: key, tokenId, patienceSeconds } = request;
  const deadlineMs = deps.now() + patienceSeconds * 1000;
  const accountId = accountOf(plantId);
  if (!(await deps.sight.plant(plantId)))
    throw new LatchkeyError('plant_unknown', `there is no plant ${plantId}`);
  const batchKey = { tokenId, key, fingerprint: fingerprintOf(plantId, wishes, expiresAt) };
  const batchId = await claimKey(deps, batchKey, newCommandId(accountId));

  const accepted = await inLanes(wishes, async ({ moduleId, wish }) => {
    const commandId = commandIdFor(batchId, moduleId);
    return await orProblem(moduleId, () => accept(deps, { commandId, plantId, moduleId, wish, expiresAt }));
  });
  return await inLanes(accepted, async (item) => {
    if ('problem' in item) return item;
    const { moduleId, command, aim } = item;
    if (aim === undefined || deps.remainingMs() < CALL_NEEDS_MS) return { moduleId, command };
    return await orProblem(moduleId, async () => ({
      command: await carryOnCommand(deps, command, aim, deadlineMs),
    }));
  });
}

/** Without an aim where the command was there already: whoever made it sends it. */
async function accept(
  deps: CommandDependencies & Seeing,
  wished: Pick<Command, 'commandId' | 'moduleId' | 'wish' | 'expiresAt'> & { plantId: string },
): Promise<{ command: Command; aim?: Aim }> {
  const { plantId, ...accepted } = wished;
  const earlier = await deps.store.commands.get(accepted.commandId);
  if (earlier) return { command: earlier };
  const aim = await aimCommand(deps, accepted);
  if (aim.module.plantId !== plantId)
    throw new LatchkeyError('module_unknown', `the plant has no module ${accepted.moduleId}`);
  const { command, isNew } = await acceptCommand(deps, accepted);
  return isNew ? { command, aim } : { command };
}

async function orProblem<T>(
  moduleId: string,
  work: () => Promise<T>,
): Promise<{ moduleId: string } & (T | { problem: Problem })> {
  try {
    return { moduleId, ...(await work()) };
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return { moduleId, problem: toProblem(error) };
  }
}

/** In the order of the items, whatever the order in which they were done. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const lane = async () => {
    for (const [place, item] of waiting) results[place] = await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}
