import * as z from 'zod';
import { COMMAND_LIFE_DAYS, Command } from '../domain/command.ts';
import type { Problem } from '../domain/problem.ts';
import type { UtcTime } from '../domain/time.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { keys } from './keys.ts';

/** How long an idempotency key is remembered. */
const IDEMPOTENCY_LIFE_SECONDS = 86_400;

const IdempotencyRecord = z.object({
  commandId: z.string(),
  /** Hash of the request; the same key with another request is a mistake of the caller. */
  fingerprint: z.string(),
  expiresAtEpoch: z.number(),
});
export type IdempotencyRecord = z.infer<typeof IdempotencyRecord>;

export type CommandOutcome =
  | { status: 'succeeded'; acknowledgedAt: UtcTime }
  | { status: 'failed' | 'unknown' | 'expired'; problem: Problem };

export interface CommandStore {
  /** Refused when the command exists already. */
  create(command: Command): Promise<'written' | 'refused'>;
  get(commandId: string): Promise<Command | undefined>;
  markSent(commandId: string, sentAt: UtcTime): Promise<void>;
  finish(commandId: string, outcome: CommandOutcome): Promise<Command>;
  /** Notes the first time that its effect was seen. */
  observe(commandId: string, observedAt: UtcTime): Promise<void>;
  /** The record of a key that was claimed within the last 24 hours. */
  findKey(wish: { tokenId: string; key: string; now: number }): Promise<IdempotencyRecord | undefined>;
  /** Claims the key for the command; or tells which request claimed it within the last 24 hours. */
  claimKey(wish: {
    tokenId: string;
    key: string;
    commandId: string;
    fingerprint: string;
    now: number;
  }): Promise<IdempotencyRecord>;
}

export function createCommandStore(table: Table): CommandStore {
  return {
    create(command) {
      const expiresAtEpoch = Math.floor(Date.parse(command.acceptedAt) / 1000) + COMMAND_LIFE_DAYS * 86_400;
      return table.put(
        keys.command(command.commandId),
        { ...command, expiresAtEpoch },
        expression`attribute_not_exists(#pk)`,
      );
    },

    get: (commandId) => table.get(keys.command(commandId), Command),

    async markSent(commandId, sentAt) {
      await table.update(keys.command(commandId), expression`SET #sentAt = ${sentAt}`, Command);
    },

    async finish(commandId, outcome) {
      const change =
        outcome.status === 'succeeded'
          ? expression`SET #status = ${outcome.status}, #acknowledgedAt = ${outcome.acknowledgedAt}`
          : expression`SET #status = ${outcome.status}, #problem = ${outcome.problem}`;
      // Unconditional, and so never refused: only the function that sends a command finishes it.
      return (await table.update(keys.command(commandId), change, Command)) as Command;
    },

    async observe(commandId, observedAt) {
      await table.update(
        keys.command(commandId),
        expression`SET #observedAt = ${observedAt}`,
        Command,
        expression`attribute_exists(#pk) AND attribute_not_exists(#observedAt)`,
      );
    },

    async findKey({ tokenId, key, now }) {
      const record = await table.get(keys.idempotency(tokenId, key), IdempotencyRecord);
      return record && record.expiresAtEpoch * 1000 > now ? record : undefined;
    },

    async claimKey({ tokenId, key, commandId, fingerprint, now }) {
      const nowEpoch = Math.floor(now / 1000);
      const record = { commandId, fingerprint, expiresAtEpoch: nowEpoch + IDEMPOTENCY_LIFE_SECONDS };
      const address = keys.idempotency(tokenId, key);
      const claimed = await table.put(
        address,
        record,
        expression`attribute_not_exists(#pk) OR #expiresAtEpoch <= ${nowEpoch}`,
      );
      if (claimed === 'written') return record;
      // Expired between the two calls: then the caller is the only one left to claim it.
      return (await table.get(address, IdempotencyRecord)) ?? record;
    },
  };
}
