/** The figures of finding what is due, from what was measured. Pure. */
import type { Figure } from '../figures.ts';
import type { DueMeasured, DueWish } from './due.ts';

/** What garbage collection leaves over differs a little from one time to the next. */
const HEAP_NOISE = 1.05;

export function dueFigures(
  { small, large, due, limit }: DueWish,
  { inSmall, inLarge }: DueMeasured,
): Figure[] {
  const few = `${due} due`;
  const many = `the first ${limit} of a backlog`;
  return [
    { name: `read units to find ${few} among ${small}`, value: inSmall.few.readUnits, unit: 'units' },
    { name: `read units to find ${few} among ${large}`, value: inLarge.few.readUnits, unit: 'units' },
    {
      name: `read units to find ${few}, ${large} to ${small} accounts`,
      value: inLarge.few.readUnits / inSmall.few.readUnits,
      unit: '×',
      goal: { atMost: 1 },
    },
    {
      name: `read units to find ${many}, ${large} to ${small} due`,
      value: inLarge.backlog.readUnits / inSmall.backlog.readUnits,
      unit: '×',
      goal: { atMost: 1 },
    },
    { name: `heap after finding ${few} among ${large}`, value: inLarge.few.heapBytes / 2 ** 20, unit: 'MiB' },
    {
      name: `heap after finding ${few}, ${large} to ${small} accounts`,
      value: inLarge.few.heapBytes / inSmall.few.heapBytes,
      unit: '×',
      goal: { atMost: HEAP_NOISE },
    },
    {
      name: `heap after finding ${many}, ${large} to ${small} due`,
      value: inLarge.backlog.heapBytes / inSmall.backlog.heapBytes,
      unit: '×',
      goal: { atMost: HEAP_NOISE },
    },
  ];
}
