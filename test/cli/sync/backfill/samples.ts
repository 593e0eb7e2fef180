/** A series and what it may lack, for tests to change. */
import type { Series, Task } from '../../../../cli/sync/backfill/series.ts';
import { DAY_MS, type TimeSpan } from '../../../../shared/domain/history.ts';
import { accountId, moduleId, plantId, T0 } from '../../../shared/domain/samples.ts';

/** Midnight, and where a block of raw readings begins. */
export const NOW = Math.floor(Date.parse(T0) / (2 * DAY_MS)) * 2 * DAY_MS;
/** Epoch milliseconds. */
export const day = (days: number) => NOW + days * DAY_MS;
export const dayAt = (days: number) => new Date(day(days)).toISOString();

export const series: Series = {
  accountId,
  linkedAt: dayAt(-3),
  plantId,
  moduleId,
  device: 'weather_station',
  capability: 'temperature',
  rawStepSeconds: 0,
};

/** Both in days from now; the last millisecond of the second is not in it. */
export const days = (from: number, to: number): TimeSpan => ({
  fromEpochMs: day(from),
  toEpochMs: day(to) - 1,
});

export const taskOf = (gaps: readonly TimeSpan[], changed: Partial<Series> = {}): Task => ({
  series: { ...series, ...changed },
  wanted: days(-100, 0),
  borderEpochMs: undefined,
  note: undefined,
  gaps,
});
