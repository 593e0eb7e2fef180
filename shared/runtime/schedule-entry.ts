import type { Context } from 'aws-lambda';
import { CONNECTION_LIFE_MS, keepConnection } from './connection.ts';
import { noteInvocation } from './deadline.ts';
import { createLog } from './log.ts';

/** From the schedule's tick to an action; what the action counted is logged, and answered to who ran it by hand. */
export function scheduleEntry<D>(
  connect: () => Promise<D>,
  run: (deps: D) => Promise<Record<string, number>>,
) {
  const log = createLog();
  const connected = keepConnection(connect, CONNECTION_LIFE_MS);
  return async (_event: unknown, context: Context): Promise<Record<string, number>> => {
    noteInvocation(context);
    const counts = await run(await connected());
    if (Object.values(counts).some((count) => count > 0)) log.info('run ended', counts);
    return counts;
  };
}
