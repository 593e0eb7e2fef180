/** A process dies at a point of its rotation, and others go on. */
import { type Call, isSame } from './calls.ts';
import { ChildDied } from './children.ts';
import type { Ending } from './ending.ts';
import type { Point } from './points.ts';
import { cutConnection, type Setting } from './scene.ts';
import { type Crew, openStage, type Stage } from './stage.ts';

/** What happens to the account before the run that is cut off. */
export type Prelude = (stage: Stage) => Promise<void>;

export const nothing: Prelude = async () => {};

/** The calls of a run that nothing disturbs. */
export async function recordCalls(setting: Setting, crew: Crew, prelude = nothing): Promise<readonly Call[]> {
  const stage = await openStage(setting, crew);
  try {
    await prelude(stage);
    const before = stage.calls.first.length;
    await stage.rotateFirst();
    return stage.calls.first.slice(before).map((call, index) => ({ ...call, index }));
  } finally {
    await stage.close();
  }
}

export async function crashAt(
  point: Point,
  setting: Setting,
  crew: Crew,
  prelude = nothing,
): Promise<Ending> {
  const stage = await openStage(setting, crew);
  try {
    await prelude(stage);
    await dieAt(stage, point);
    return await stage.end();
  } finally {
    await stage.close();
  }
}

/** @throws {Error} when the run is not the one that was recorded, so that the point is not where it should be */
export async function dieAt(stage: Stage, { call, phase }: Point): Promise<void> {
  const before = stage.calls.first.length;
  const child = await stage.newChild();
  if (phase !== 'answered')
    stage.interrupt('first', async ({ index }, at) => {
      if (index !== before + call.index || at !== phase) return;
      await child.kill();
      cutConnection();
    });
  const fate = { answers: call.index + 1, signal: 'SIGKILL' } as const;
  const death = await stage.rotateFirst({ child, ...(phase === 'answered' && { fate }) }).then(
    () => undefined,
    (error) => error,
  );
  stage.interrupt('first', () => {});
  if (!(death instanceof ChildDied))
    throw new Error(`the process lived past ${call.action} ${call.subject}, ${phase}`, { cause: death });
  const reached = stage.calls.first[before + call.index];
  if (!reached || !isSame(reached, call))
    throw new Error(
      `call ${call.index} was ${reached?.action} ${reached?.subject}, not ${call.action} ${call.subject}`,
    );
}
