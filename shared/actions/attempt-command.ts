import type { Command } from '../domain/command.ts';
import { judgeAttempt, type Verdict } from '../domain/command-repeat.ts';
import { LatchkeyError } from '../domain/error.ts';
import { type Problem, toProblem } from '../domain/problem.ts';
import { toUtc } from '../domain/time.ts';
import type { PreparedCommand, Session } from '../providers/provider.ts';
import type { CommandOutcome } from '../store/commands.ts';
import type { Aim } from './aim-command.ts';
import type { CommandDependencies } from './command-dependencies.ts';

export type Attempted =
  | { readonly kind: 'over'; readonly outcome: CommandOutcome }
  | { readonly kind: 'repeat'; readonly afterSeconds: number; readonly problem: Problem };

/**
 * Makes the attempt that the caller has claimed: one call to the cloud, and what its answer means.
 * An error that is not one of ours is thrown: what became of the command is not known then, and whoever finds it in
 * flight will say so.
 */
export async function attemptCommand(
  { store, sessionOf, now }: CommandDependencies,
  command: Command,
  { module, provider, prepared }: Aim,
): Promise<Attempted> {
  const { accountId, commandId, attempts, sentAt = toUtc(now()) } = command;
  const effect = { expects: prepared.expects, sentAt };
  let hasLeft = false;
  const session = inTime(sessionOf({ accountId, provider }, 'command'), command, now, () => {
    hasLeft = true;
  });
  try {
    if (isVisible(prepared)) await store.modules.awaitEffect(module, commandId, effect);
    await prepared.execute(session);
    return { kind: 'over', outcome: { status: 'succeeded', acknowledgedAt: toUtc(now()) } };
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    const { isIdempotent } = prepared;
    const expiresInSeconds = secondsUntil(command.expiresAt, now());
    const verdict = judgeAttempt(error, { attempts, isIdempotent, hasLeft, expiresInSeconds });
    if (verdict.kind === 'repeat') return { ...verdict, problem: toProblem(error) };
    if (verdict.kind !== 'unknown') await store.modules.forgetEffect(module, commandId);
    return { kind: 'over', outcome: outcomeOf(verdict.kind, error, command) };
  }
}

/** Where no reading will show the effect, nobody looks out for it. */
function isVisible({ expects }: PreparedCommand): boolean {
  return Object.keys(expects).length > 0;
}

/** Why a command must not be sent any more. */
export function expiryOf({ expiresAt }: Pick<Command, 'expiresAt'>, now: number): LatchkeyError | undefined {
  if (secondsUntil(expiresAt, now) > 0) return undefined;
  return new LatchkeyError('command_expired', `the command expired at ${expiresAt} and was not sent`);
}

function secondsUntil(time: string | undefined, now: number): number {
  return time === undefined ? Number.POSITIVE_INFINITY : (Date.parse(time) - now) / 1000;
}

/** A session that looks at the clock last thing before every call: getting a token may have taken its time. */
function inTime(session: Session, command: Command, now: () => number, onLeaving: () => void): Session {
  return {
    accountId: session.accountId,
    send: (request) =>
      session.send({
        ...request,
        beforeSend() {
          const expired = expiryOf(command, now());
          if (expired) throw expired;
          onLeaving();
        },
      }),
  };
}

function outcomeOf(
  status: Exclude<Verdict['kind'], 'repeat'>,
  error: LatchkeyError,
  { expiresAt }: Command,
): CommandOutcome {
  if (status !== 'expired' || error.code === 'command_expired') return { status, problem: toProblem(error) };
  const { provider } = error.details;
  const reason = `the command expires at ${expiresAt}, before it may be sent again: ${error.message}`;
  const expired = new LatchkeyError('command_expired', reason, {
    cause: error,
    details: { ...(provider !== undefined && { provider }) },
  });
  return { status, problem: toProblem(expired) };
}
