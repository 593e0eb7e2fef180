/** A scene with its processes: the one that things happen to, and another that comes after it. */
import type { Child, Children } from './children.ts';
import { type Counted, type Ending, judgeEnd } from './ending.ts';
import { type Fate, NEXT_ROTATION_MS, type Results, type Stored, type Task } from './orders.ts';
import { openScene, type Setting, type Stagehand } from './scene.ts';

export interface Crew extends Stagehand {
  readonly children: Children;
  /** Live on from scene to scene, and connect anew for each thing they do. */
  readonly first: Child;
  readonly other: Child;
}

export interface Run {
  readonly child?: Child;
  readonly fate?: Fate;
  readonly stackId?: string;
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

const MINUTE_MS = 60_000;
/** When a token set with an hour's life is certainly due, and its access token still good. */
const DUE_AFTER_MS = 50 * MINUTE_MS;
/** The schedule's next tick but one comes after a lease (40 s), the next one before. */
const NEXT_TICK_MS = 20_000;
/** A day of suspicion, and what rounding adds. */
const A_DAY_MS = 26 * 60 * MINUTE_MS;

/** Links an account, and lets it become due. */
export async function openStage(setting: Setting, crew: Crew) {
  const scene = await openScene(setting, crew);
  const { accountId, tokenServer, clock } = scene;
  let generation = 1;
  let before: Counted | undefined;
  const counted = () => ({ grants: tokenServer.counts.grants, calls: scene.calls.other.length });

  function other<T extends Task>(task: T): Promise<Results[T['kind']]> {
    return crew.other.perform({ surroundings: scene.surroundingsOf('other'), task });
  }
  const settle = (patienceMs: number): Promise<Stored> =>
    other({ kind: 'settle', accountId, generation, patienceMs });

  const stage = {
    ...scene,
    setting,
    /** One that may die. */
    newChild: () => crew.children.take(),
    other,

    link: () => other({ kind: 'link', accountId, pair: tokenServer.consent() }),

    /** One tick of the schedule; in a process that lives, unless another is given. */
    async rotateFirst({ child = crew.first, fate, stackId }: Run = {}): Promise<void> {
      const surroundings = scene.surroundingsOf('first', stackId);
      await child.perform({ surroundings, task: { kind: 'rotate', ...(fate && { fate }) } });
    },

    /** The schedule rotates when it is time, and nothing happens. */
    async rotateOnTime(): Promise<void> {
      await settle(NEXT_ROTATION_MS);
      generation += 1;
    },

    /** The schedule goes on in the other process, for no longer than it takes a lease to end. */
    async takeOver(): Promise<Stored> {
      before ??= counted();
      clock.advance(NEXT_TICK_MS);
      return await settle(2 * MINUTE_MS);
    },

    /** From here on a later generation than this is what the end has to show. */
    expectLaterThan(given: number): void {
      generation = given;
    },

    /** The schedule goes on until the account works or a day has passed. */
    async end(): Promise<Ending> {
      before ??= counted();
      clock.advance(NEXT_TICK_MS);
      const settled = await settle(A_DAY_MS);
      const prove = () => other({ kind: 'prove', accountId });
      return await judgeEnd({ scene, generation, before, settled, prove });
    },
  };
  await stage.link();
  clock.advance(DUE_AFTER_MS);
  return stage;
}
