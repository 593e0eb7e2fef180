import type { Clock } from './clock.ts';

/** Lets things happen when their time has come: by itself as time passes, or at once when the clock is moved. */
export interface Timeline {
  /** Does what is due, and sets the timer for what comes next. */
  kick(): void;
  /**
   * Lives through the next seconds, event by event; resolves when all attempts have their outcome.
   * @throws {RangeError} for a negative number
   */
  advance(seconds: number): Promise<void>;
  /** Resolves when no attempt is under way. */
  stop(): Promise<void>;
}

/** What moves in a simulated cloud. */
export interface Movement {
  /** Brings everything that changes by itself to the present. */
  compute(): void;
  /** When something of that kind happens next at a time of its own, epoch milliseconds. */
  nextChange(): number;
  /** When the next webhook attempt is due, epoch milliseconds. */
  nextAttempt(): number;
  /** Makes every attempt that is due; resolves when each has its outcome. */
  deliverDue(): Promise<void>;
  save(): void;
  /** How often things are computed while nothing else happens. */
  readonly stepMs: number;
  /** Of a longer leap only the last part is lived through step by step. */
  readonly longestGapMs: number;
}

export function createTimeline(clock: Clock, movement: Movement): Timeline {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let last: Promise<void> = Promise.resolve();

  function happen(): Promise<void> {
    movement.compute();
    movement.save();
    last = movement.deliverDue();
    return last;
  }

  const nextEvent = () => Math.min(movement.nextAttempt(), movement.nextChange());

  /** Once a step at least: things change by themselves, and the clock that is followed may stand still. */
  function arm(): void {
    clearTimeout(timer);
    if (stopped) return;
    const wait = Math.min(nextEvent() - clock.now(), movement.stepMs);
    timer = setTimeout(kick, Math.max(wait, 10)).unref();
  }

  function kick(): void {
    if (stopped) return;
    void happen().then(arm);
    arm();
  }

  return {
    kick,
    async advance(seconds) {
      if (!(seconds >= 0)) throw new RangeError('the clock only moves forward');
      const goal = clock.now() + seconds * 1000;
      await happen();
      while (clock.now() < goal) {
        // Of a long leap only the last part is told; retries and delayed changes keep their times.
        const tick = Math.max(clock.now() + movement.stepMs, goal - movement.longestGapMs);
        clock.moveTo(Math.min(goal, Math.max(clock.now(), Math.min(tick, nextEvent()))));
        movement.compute();
        if (movement.nextAttempt() <= clock.now()) await happen();
      }
      await happen();
      arm();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await last;
    },
  };
}
