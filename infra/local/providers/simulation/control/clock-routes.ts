import * as z from 'zod';
import type { Clock, ClockState } from '../clock.ts';
import type { Timeline } from '../timeline.ts';
import { type ControlRoute, control } from './control-route.ts';

const Move = z.union([
  z.strictObject({ advanceSeconds: z.coerce.number().min(0) }),
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
]);

interface ClockControls {
  readonly state: ClockState;
  readonly clock: Clock;
  readonly timeline: Timeline;
}

export function clockRoutes({ state, clock, timeline }: ClockControls): ControlRoute[] {
  const readClock = () => ({
    now: new Date(clock.now()).toISOString(),
    aheadSeconds: Math.round(state.clockOffsetMs / 1000),
  });
  return [
    control('GET', '/clock', { summary: "the simulator's time", handle: readClock }),
    control('POST', '/clock', {
      summary: 'moves the clock forward and lets happen what is due: {advanceSeconds} or {now}',
      body: Move,
      handle: async (move) => {
        const seconds = 'now' in move ? (Date.parse(move.now) - clock.now()) / 1000 : move.advanceSeconds;
        await timeline.advance(seconds);
        return readClock();
      },
    }),
  ];
}
