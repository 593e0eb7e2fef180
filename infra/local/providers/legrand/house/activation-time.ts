/** The texts of `activationTime` (contract 3.9). Pure. */
import { Temporal } from 'temporal-polyfill';
import { epochMsOfWall, offsetText, wallText } from '../../simulation/wall-clock.ts';
import type { Activation } from './thermostat.ts';

const form = /^(\d{4})-(\d{1,2})-(\d{1,2})T(\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?$/;

/** One local date-time, or `start/end`; undefined when it is neither. */
export function readActivation(text: string, timeZone: string): Activation | undefined {
  const [first, second, ...rest] = text.split('/').map((part) => readWall(part, timeZone));
  if (first === undefined || rest.length > 0) return undefined;
  if (!text.includes('/')) return { endWall: first };
  return second === undefined ? undefined : { startWall: first, endWall: second };
}

function readWall(text: string, timeZone: string): string | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = '0', suffix] = match;
  try {
    const local = Temporal.PlainDateTime.from(
      {
        year: Number(year),
        month: Number(month),
        day: Number(day),
        hour: Number(hour),
        minute: Number(minute),
        second: Number(second),
      },
      { overflow: 'reject' },
    );
    // Legrand: a trailing Z on local wall time is accepted, and means nothing; only a true offset is converted.
    if (suffix === undefined || suffix === 'Z') return local.toString({ smallestUnit: 'second' });
    return wallText(local.toZonedDateTime(suffix).epochMilliseconds, timeZone);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export type ActivationForm = 'plain' | 'zulu' | 'offset';

/** A boost shows both ends, every other mode only the end. */
export function activationText(
  { startWall, endWall }: Activation,
  timeZone: string,
  style: ActivationForm,
): string {
  const shown = (wall: string) => {
    if (style === 'plain') return wall;
    return style === 'zulu' ? `${wall}Z` : offsetText(epochMsOfWall(wall, timeZone), timeZone);
  };
  return startWall === undefined ? shown(endWall) : `${shown(startWall)}/${shown(endWall)}`;
}
