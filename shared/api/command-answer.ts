/** What is answered to who sends commands: what became of them, or that they go on without the client. Pure. */
import { type Command, isFinal } from '../domain/command.ts';
import type { Problem } from '../domain/problem.ts';
import { Answered } from './answered.ts';
import type { Patience } from './prefer.ts';
import { presentCommand } from './present.ts';
import type { BatchView, CommandView } from './views.ts';

/** When to look again at a command that is being sent right now, seconds. */
const SOON_SECONDS = 1;

export function commandAnswer(command: Command, patience: Patience, now: number): Answered<CommandView> {
  const headers = isFinal(command)
    ? {}
    : { location: `/v1/commands/${command.commandId}`, ...retryAfter([command], now) };
  return answer(presentCommand(command), [command], patience, headers);
}

export function batchAnswer(
  results: readonly { moduleId: string; command?: Command; problem?: Problem }[],
  patience: Patience,
  now: number,
): Answered<BatchView> {
  const commands = results.flatMap(({ command }) => command ?? []);
  const items = results.map(({ moduleId, command, problem }) => ({
    moduleId,
    command: command && presentCommand(command),
    problem,
  }));
  return answer({ items }, commands, patience, commands.every(isFinal) ? {} : retryAfter(commands, now));
}

function answer<T>(
  view: T,
  commands: readonly Command[],
  { applied }: Patience,
  headers: Record<string, string>,
): Answered<T> {
  return new Answered(view, {
    status: commands.every(isFinal) ? 200 : 202,
    headers: { ...headers, ...(applied !== undefined && { 'preference-applied': applied }) },
  });
}

/** When the first of them will have made its next attempt, as far as is known. */
function retryAfter(commands: readonly Command[], now: number): Record<string, string> {
  const seconds = commands
    .filter((command) => !isFinal(command))
    .map(({ nextAttemptAt }) =>
      nextAttemptAt === undefined ? SOON_SECONDS : (Date.parse(nextAttemptAt) - now) / 1000,
    );
  return { 'retry-after': String(Math.max(SOON_SECONDS, Math.ceil(Math.min(...seconds)))) };
}
