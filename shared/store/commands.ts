import * as z from 'zod';
import { COMMAND_LIFE_DAYS, Command, isFinal } from '../domain/command.ts';
import type { Problem } from '../domain/problem.ts';
import { toUtc, UtcTime } from '../domain/time.ts';
import { walkDue } from './due-index.ts';
import { assign, type Expression, expression } from './expression.ts';
import type { Table } from './item.ts';
import { dueShard, keys } from './keys.ts';

/** How long an idempotency key is remembered. */
const IDEMPOTENCY_LIFE_SECONDS = 86_400;

const IdempotencyRecord = z.object({
  commandId: z.string(),
  /** Hash of the request; the same key with another request is a mistake of the caller. */
  fingerprint: z.string(),
  expiresAtEpoch: z.number(),
});
export type IdempotencyRecord = z.infer<typeof IdempotencyRecord>;

const DueCommand = Command.extend({ dueAt: UtcTime });
export type DueCommand = z.infer<typeof DueCommand>;

/** Longer than any function runs: until then nobody takes from it a command that it has in hand. */
export const IN_HAND_MS = 30_000;
/** An attempt under way for longer than this has lost its sender. */
const ATTEMPT_LEASE_MS = 60_000;

export type CommandOutcome =
  | { status: 'succeeded'; acknowledgedAt: UtcTime }
  | { status: 'failed' | 'unknown' | 'expired'; problem: Problem };

export interface CommandStore {
  /** Refused when the command exists already. */
  create(command: Command): Promise<'written' | 'refused'>;
  get(commandId: string): Promise<Command | undefined>;
  /** Begins the next attempt of a waiting command; of any number that try, one may. */
  claim(waiting: Command, sentAt: UtcTime): Promise<Command | 'refused'>;
  /** Ends an attempt that is to be repeated. @param dueAt – when whoever looks for due work may take it up */
  postpone(
    sending: Command,
    next: { nextAttemptAt: UtcTime; dueAt: UtcTime; problem: Problem },
  ): Promise<Command | 'refused'>;
  /** Finishes the command if it still is as it was read. */
  finish(command: Command, outcome: CommandOutcome): Promise<Command | 'refused'>;
  /** What waits for its attempt, and attempts whose time has passed. As the index has them: maybe a moment old. */
  due(now: number): AsyncGenerator<DueCommand>;
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
      const acceptedMs = Date.parse(command.acceptedAt);
      const item = {
        ...command,
        expiresAtEpoch: Math.floor(acceptedMs / 1000) + COMMAND_LIFE_DAYS * 86_400,
        ...(!isFinal(command) && {
          dueAt: toUtc(acceptedMs + IN_HAND_MS),
          dueShard: dueShard('COMMAND', command.accountId),
        }),
      };
      return table.put(keys.command(command.commandId), item, expression`attribute_not_exists(#pk)`);
    },

    get: (commandId) => table.get(keys.command(commandId), Command),

    claim: (waiting, sentAt) =>
      table.update(
        keys.command(waiting.commandId),
        expression`SET #status = ${'sending'}, #attempts = ${waiting.attempts + 1}, #sentAt = ${sentAt},
          #dueAt = ${toUtc(Date.parse(sentAt) + ATTEMPT_LEASE_MS)} REMOVE #nextAttemptAt`,
        Command,
        stillAs(waiting),
      ),

    postpone: (sending, { nextAttemptAt, dueAt, problem }) =>
      table.update(
        keys.command(sending.commandId),
        expression`SET #status = ${'waiting'}, #nextAttemptAt = ${nextAttemptAt}, #dueAt = ${dueAt},
          #problem = ${problem}`,
        Command,
        stillAs(sending),
      ),

    finish(command, { status, ...facts }) {
      const change = { acknowledgedAt: undefined, problem: undefined, ...facts };
      const notDue = { nextAttemptAt: undefined, dueAt: undefined, dueShard: undefined };
      return table.update(
        keys.command(command.commandId),
        assign({ status, ...change, ...notDue }),
        Command,
        stillAs(command),
      );
    },

    due: (now) => walkDue(table, 'COMMAND', now, DueCommand),

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

function stillAs({ status, attempts }: Command): Expression {
  return expression`#status = ${status} AND #attempts = ${attempts}`;
}
