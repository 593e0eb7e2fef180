import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../domain/command.ts';
import type { ModuleWish } from '../domain/command-action.ts';
import { LatchkeyError } from '../domain/error.ts';
import { accountOf, newCommandId } from '../domain/ids.ts';
import type { Module } from '../domain/module.ts';
import { toProblem } from '../domain/problem.ts';
import { toUtc } from '../domain/time.ts';
import type { CommandTarget, PreparedCommand, Provider, Session } from '../providers/provider.ts';
import type { CommandOutcome } from '../store/commands.ts';
import type { Store } from '../store/store.ts';
import type { SessionOf } from './sync-dependencies.ts';

export interface CommandDependencies {
  readonly store: Store;
  readonly sessionOf: SessionOf;
  readonly providerOf: (name: Provider['name']) => Provider;
  readonly now: () => number;
  readonly remainingMs: () => number;
}

export interface CommandRequest {
  readonly moduleId: string;
  readonly wish: ModuleWish;
  readonly expiresAt?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Whose key it is: keys of two access tokens never meet. */
  readonly tokenId: string;
}

/** A call to a module takes at most this, milliseconds; a repeat is not begun with less left. */
const CALL_NEEDS_MS = 9_000;
/** A command in flight for longer than any function runs has lost its sender. */
const LOST_AFTER_MS = 60_000;

/**
 * Sends a command once and answers what became of it; the same idempotency key answers the first one's result.
 * @throws {LatchkeyError} module_unknown, command_unsupported, request_invalid, command_conflict – nothing was sent
 */
export async function sendCommand(deps: CommandDependencies, request: CommandRequest): Promise<Command> {
  const { store, now } = deps;
  const earlier = await findEarlier(deps, request);
  if (earlier) return earlier;
  const target = await findTarget(store, request.moduleId);
  const { accountId } = target.module;
  const { provider } = await requireAccount(store, accountId);
  const prepared = deps.providerOf(provider).prepare(request.wish, target, now());

  const commandId = await claimId(deps, request);
  const { moduleId, wish, expiresAt } = request;
  const acceptedAt = toUtc(now());
  const command: Command = { commandId, accountId, moduleId, wish, status: 'sending', acceptedAt, expiresAt };
  if ((await store.commands.create(command)) === 'refused') return await showCommand(deps, commandId);
  const finished = await store.commands.finish(
    commandId,
    await execute(deps, command, { module: target.module, provider }, prepared),
  );
  await watchForEffect(deps, finished, target.module, provider);
  return finished;
}

/** @throws {LatchkeyError} command_unknown */
export async function showCommand(
  { store, now }: Pick<CommandDependencies, 'store' | 'now'>,
  commandId: string,
): Promise<Command> {
  const command = await store.commands.get(commandId);
  if (!command) throw new LatchkeyError('command_unknown', `there is no command ${commandId}`);
  // Its sender was stopped between sending and writing down the answer.
  const isLost = command.status === 'sending' && now() - Date.parse(command.acceptedAt) > LOST_AFTER_MS;
  return isLost ? { ...command, status: 'unknown' } : command;
}

async function findTarget(store: Store, moduleId: string): Promise<CommandTarget> {
  const accountId = accountOf(moduleId);
  const module = await store.modules.get({ accountId, moduleId });
  const plant = module && (await store.plants.get({ accountId, plantId: module.plantId }));
  if (!module || !plant) throw new LatchkeyError('module_unknown', `there is no module ${moduleId}`);
  return { plant, module };
}

async function requireAccount(store: Store, accountId: string) {
  const account = await store.accounts.get(accountId);
  if (!account) throw new LatchkeyError('account_unknown', `there is no account ${accountId}`);
  return account;
}

/** The command that had this idempotency key first. @throws {LatchkeyError} command_conflict */
async function findEarlier(deps: CommandDependencies, request: CommandRequest): Promise<Command | undefined> {
  const { idempotencyKey: key, tokenId } = request;
  if (key === undefined) return undefined;
  const record = await deps.store.commands.findKey({ tokenId, key, now: deps.now() });
  if (!record) return undefined;
  refuseOtherCommand(record.fingerprint, request);
  // A record without a command: its sender was stopped before anything was sent, and this call takes its place.
  return (await deps.store.commands.get(record.commandId)) && (await showCommand(deps, record.commandId));
}

/** The id under which the command runs: of any number of calls with one key, all get the same. */
async function claimId({ store, now }: CommandDependencies, request: CommandRequest): Promise<string> {
  const commandId = newCommandId(accountOf(request.moduleId));
  const { idempotencyKey: key, tokenId } = request;
  if (key === undefined) return commandId;
  const fingerprint = fingerprintOf(request);
  const record = await store.commands.claimKey({ tokenId, key, commandId, fingerprint, now: now() });
  refuseOtherCommand(record.fingerprint, request);
  return record.commandId;
}

function refuseOtherCommand(fingerprint: string, request: CommandRequest): void {
  if (fingerprint === fingerprintOf(request)) return;
  throw new LatchkeyError(
    'command_conflict',
    'the idempotency key was used for another command within 24 hours',
  );
}

function fingerprintOf({ moduleId, wish, expiresAt }: CommandRequest): string {
  const text = JSON.stringify([moduleId, Object.entries(wish).sort(), expiresAt]);
  return createHash('sha256').update(text).digest('base64url');
}

function refuseExpired({ expiresAt }: Pick<CommandRequest, 'expiresAt'>, now: number): void {
  if (expiresAt === undefined || Date.parse(expiresAt) > now) return;
  throw new LatchkeyError('command_expired', `the command expired at ${expiresAt} and was not sent`);
}

async function execute(
  deps: CommandDependencies,
  command: Command,
  { module, provider }: { module: Module; provider: Provider['name'] },
  prepared: PreparedCommand,
): Promise<CommandOutcome> {
  const { store, now } = deps;
  const session = deps.sessionOf({ accountId: command.accountId, provider }, 'command');
  for (let repeated = false; ; repeated = true) {
    try {
      refuseExpired(command, now());
      const sentAt = toUtc(now());
      await store.commands.markSent(command.commandId, sentAt);
      await store.modules.awaitEffect(module, command.commandId, { expects: prepared.expects, sentAt });
      await prepared.execute(inTime(session, command, now));
      return { status: 'succeeded', acknowledgedAt: toUtc(now()) };
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      const pauseMs = (error.details.repeat?.afterSeconds ?? Number.POSITIVE_INFINITY) * 1000;
      const mayRepeat = !repeated && deps.remainingMs() > pauseMs + CALL_NEEDS_MS;
      if (!mayRepeat) {
        const outcome = failure(error);
        if (outcome.status !== 'unknown') await store.modules.forgetEffect(module, command.commandId);
        return outcome;
      }
      await sleep(pauseMs);
    }
  }
}

/** A session that looks at the clock last thing before every call: getting a token may have taken its time. */
function inTime(session: Session, command: Command, now: () => number): Session {
  return {
    accountId: session.accountId,
    send: (request) => session.send({ ...request, beforeSend: () => refuseExpired(command, now()) }),
  };
}

function failure(error: LatchkeyError): CommandOutcome {
  const problem = toProblem(error);
  if (error.code === 'command_expired') return { status: 'expired', problem };
  // No answer to a request that may have arrived: whether the module obeyed, only its state can tell.
  const unknown = error.code === 'provider_unavailable' && error.details.sent === true;
  return { status: unknown ? 'unknown' : 'failed', problem };
}

/** Where no webhook shows the effect in time, the state is asked for. */
async function watchForEffect(
  { store, now, providerOf }: CommandDependencies,
  command: Command,
  module: Module,
  provider: Provider['name'],
): Promise<void> {
  if (command.status !== 'succeeded' && command.status !== 'unknown') return;
  const { observeSeconds } = providerOf(provider).polling;
  await store.syncJobs.hasten(module.accountId, 'state', toUtc(now() + observeSeconds * 1000));
}
