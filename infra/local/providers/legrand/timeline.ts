import { LONGEST_GAP_MS, STEP_MS } from './house/advance-thermostat.ts';
import type { House } from './house.ts';
import type { Courier } from './webhooks/courier.ts';
import type { Outbox } from './webhooks/outbox.ts';
import type { World } from './world.ts';

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

export function createTimeline(
  { clock }: World,
  parts: { house: House; outbox: Outbox; courier: Courier; save: () => void },
): Timeline {
  const { house, outbox, courier, save } = parts;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let last: Promise<void> = Promise.resolve();

  function happen(): Promise<void> {
    house.compute();
    save();
    last = courier.deliverDue();
    return last;
  }

  const nextEvent = () => Math.min(outbox.nextDue(), house.nextDue());

  /** At least once a minute: the house changes by itself, and the clock that is followed may stand still. */
  function arm(): void {
    clearTimeout(timer);
    if (stopped) return;
    const wait = Math.min(nextEvent() - clock.now(), STEP_MS);
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
        // Of a long leap the house tells only the last day; retries and delayed changes keep their times.
        const tick = Math.max(clock.now() + STEP_MS, goal - LONGEST_GAP_MS);
        clock.moveTo(Math.min(goal, Math.max(clock.now(), Math.min(tick, nextEvent()))));
        house.compute();
        if (outbox.nextDue() <= clock.now()) await happen();
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
