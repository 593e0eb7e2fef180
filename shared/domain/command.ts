import * as z from 'zod';
import { ModuleWish } from './command-action.ts';
import { AccountId, CommandId, ModuleId } from './ids.ts';
import { StoredProblem } from './problem.ts';
import { UtcTime } from './time.ts';

/**
 * What became of a command: `waiting` for an attempt at `nextAttemptAt`, `sending` while the provider is being called,
 * `succeeded` once it acknowledged, `failed` when it refused, `expired` when it could not be sent in time, `unknown`
 * when the answer was lost.
 */
export const CommandStatus = z.enum(['waiting', 'sending', 'succeeded', 'failed', 'expired', 'unknown']);
export type CommandStatus = z.infer<typeof CommandStatus>;

/** One wish sent to a module: accepted, sent, acknowledged and observed are separate facts with their own times. */
export const Command = z.object({
  commandId: CommandId,
  accountId: AccountId,
  moduleId: ModuleId,
  wish: ModuleWish,
  status: CommandStatus,
  acceptedAt: UtcTime,
  expiresAt: UtcTime.optional(),
  /** Attempts begun so far; at most one is under way. */
  attempts: z.int(),
  /** When the last attempt began. */
  sentAt: UtcTime.optional(),
  /** While it waits. */
  nextAttemptAt: UtcTime.optional(),
  acknowledgedAt: UtcTime.optional(),
  observedAt: UtcTime.optional(),
  /** Why it did not succeed; while it waits, what the last attempt was refused for. */
  problem: StoredProblem.optional(),
});
export type Command = z.infer<typeof Command>;

/** Whether nothing more will be done about it. */
export function isFinal({ status }: Pick<Command, 'status'>): boolean {
  return status !== 'waiting' && status !== 'sending';
}

/** How long a command can be read back. */
export const COMMAND_LIFE_DAYS = 30;
