import * as z from 'zod';
import { ModuleWish } from './command-action.ts';
import { AccountId, CommandId, ModuleId } from './ids.ts';
import { StoredProblem } from './problem.ts';
import { UtcTime } from './time.ts';

/**
 * What became of a command: `sending` while the provider is being called, `succeeded` once it acknowledged,
 * `failed` when it refused, `expired` when it was not sent in time, `unknown` when the answer was lost.
 */
export const CommandStatus = z.enum(['sending', 'succeeded', 'failed', 'expired', 'unknown']);
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
  sentAt: UtcTime.optional(),
  acknowledgedAt: UtcTime.optional(),
  observedAt: UtcTime.optional(),
  problem: StoredProblem.optional(),
});
export type Command = z.infer<typeof Command>;

/** How long a command can be read back. */
export const COMMAND_LIFE_DAYS = 30;
