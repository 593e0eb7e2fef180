import * as z from 'zod';
import { Settings } from '../state.ts';
import { type ControlRoute, control } from './control-route.ts';
import type { Controls } from './controls.ts';

const Move = z.union([
  z.strictObject({ advanceSeconds: z.coerce.number().min(0) }),
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
]);

/** The clock, the application's registration, the lifetimes, and the log of requests. */
export function settingRoutes({ world, timeline, journal, setReplyUrls }: Controls): ControlRoute[] {
  const { state, clock } = world;
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
    control('GET', '/application', {
      summary: 'the registered application with its credentials and reply URLs',
      handle: () => state.application,
    }),
    control('POST', '/reply-urls', {
      summary: 'replaces the registered reply URLs: {replyUrls: [at most 10]}',
      body: z.strictObject({ replyUrls: z.array(z.string()) }),
      handle: ({ replyUrls }) => {
        setReplyUrls(replyUrls);
        return { replyUrls };
      },
    }),
    control('GET', '/settings', { summary: 'rotation mode, lifetimes, quota', handle: () => state.settings }),
    control('POST', '/settings', {
      summary: 'changes them: {refreshMode?, accessLifeSeconds?, refreshLifeSeconds?, callsPerDay?}',
      body: Settings.partial().strict(),
      handle: (changes) => Object.assign(state.settings, changes),
    }),
    control('GET', '/requests', {
      summary: 'the requests seen: method, path, status, user',
      handle: () => journal.requests,
    }),
    control('DELETE', '/log', {
      summary: 'empties the logs of requests and attempts',
      handle: () => journal.clear(),
    }),
  ];
}
