import type { Server } from 'node:http';
import type * as z from 'zod';
import type { Clock } from './clock.ts';
import { type ConnectionFaults, takeDisturbance } from './faults/disturbance.ts';
import { closeServer, type Parts, serve } from './http-server.ts';
import type { Journal } from './journal.ts';
import type { Route } from './router.ts';
import type { StateFile } from './state-file.ts';
import { createTimeline, type Movement, type Timeline } from './timeline.ts';

export interface CloudParts<O extends string> {
  readonly clock: Clock;
  readonly file: StateFile;
  readonly journal: Journal<unknown>;
  readonly faults: ConnectionFaults<O>;
  /** Every operation that faults can name. */
  readonly operation: z.ZodType<O>;
  readonly refuse: Parts['refuse'];
  readonly movement: Omit<Movement, 'save'>;
  readonly routes: (timeline: Timeline) => readonly Route[];
}

export interface RunningCloud {
  readonly advance: Timeline['advance'];
  close(): Promise<void>;
}

/** Lets a cloud answer, and live on as its clock goes, until it is closed. */
export function runCloud<O extends string>(server: Server, cloud: CloudParts<O>): RunningCloud {
  const { clock, file, journal, faults, operation, refuse, movement, routes } = cloud;
  const timeline = createTimeline(clock, { ...movement, save: file.save });
  serve(server, {
    routes: routes(timeline),
    disturb: (name) => takeDisturbance(faults, operation.parse(name)),
    refuse,
    journal,
    now: clock.now,
    save: file.save,
    afterwards: timeline.kick,
  });
  timeline.kick();
  return {
    advance: timeline.advance,
    async close() {
      await closeServer(server);
      await timeline.stop();
      file.save();
    },
  };
}
