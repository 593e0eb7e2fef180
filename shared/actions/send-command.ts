import type { Command } from '../domain/command.ts';
import { LatchkeyError } from '../domain/error.ts';
import { accountOf, newCommandId } from '../domain/ids.ts';
import { toUtc } from '../domain/time.ts';
import { type AimedWish, aimCommand } from './aim-command.ts';
import { carryOnCommand } from './carry-on-command.ts';
import type { CommandDependencies } from './command-dependencies.ts';
import { claimKey, findKey, fingerprintOf } from './command-key.ts';
import type { Seeing } from './sight.ts';

export interface CommandRequest extends AimedWish {
  readonly expiresAt?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Whose key it is: keys of two access tokens never meet. */
  readonly tokenId: string;
  /** How long the client waits for repeats, seconds; the first attempt is always made and awaited. */
  readonly patienceSeconds: number;
}

/**
 * Sends a command and answers what has become of it so far; one that is not final goes on by the schedule. The same
 * idempotency key answers the first one's command as it is now.
 * @throws {LatchkeyError} module_unknown, account_unknown, module_changed, command_unsupported, request_invalid,
 * command_conflict – nothing was sent, and nothing will be
 */
export async function sendCommand(
  deps: CommandDependencies & Seeing,
  request: CommandRequest,
): Promise<Command> {
  const { moduleId, wish, expiresAt, idempotencyKey: key, tokenId, patienceSeconds } = request;
  const deadlineMs = deps.now() + patienceSeconds * 1000;
  const commandKey = { tokenId, key, fingerprint: fingerprintOf(moduleId, wish, expiresAt) };
  const earlierId = await findKey(deps, commandKey);
  // A key without a command: its sender was stopped before anything was sent, and this call takes its place.
  const earlier = earlierId === undefined ? undefined : await deps.store.commands.get(earlierId);
  if (earlier) return earlier;

  const aim = await aimCommand(deps, request);
  const commandId = await claimKey(deps, commandKey, newCommandId(accountOf(moduleId)));
  const { command, isNew } = await acceptCommand(deps, { commandId, moduleId, wish, expiresAt });
  return isNew ? await carryOnCommand(deps, command, aim, deadlineMs) : command;
}

/** @throws {LatchkeyError} command_unknown */
export async function showCommand(
  { store, sight }: Pick<CommandDependencies, 'store'> & Seeing,
  commandId: string,
): Promise<Command> {
  const command = await store.commands.get(commandId);
  if (!command || !(await sight.command(command)))
    throw new LatchkeyError('command_unknown', `there is no command ${commandId}`);
  return command;
}

/** Keeps the command before anything is sent. Who finds that it is kept already leaves it to who has done so. */
export async function acceptCommand(
  { store, now }: Pick<CommandDependencies, 'store' | 'now'>,
  accepted: Pick<Command, 'commandId' | 'moduleId' | 'wish' | 'expiresAt'>,
): Promise<{ command: Command; isNew: boolean }> {
  const accountId = accountOf(accepted.moduleId);
  const command: Command = {
    ...accepted,
    accountId,
    status: 'waiting',
    acceptedAt: toUtc(now()),
    attempts: 0,
  };
  const isNew = (await store.commands.create(command)) === 'written';
  return { command: isNew ? command : ((await store.commands.get(accepted.commandId)) ?? command), isNew };
}
