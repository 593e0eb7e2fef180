import { stepAir } from '../../simulation/indoor-air.ts';
import type { ClimateKind, Room } from '../house/room.ts';

interface RoomFacts {
  readonly roomId: string;
  readonly name: string;
  readonly type: string;
  readonly climate?: ClimateKind;
  readonly temperatureC?: number;
}

const HALF_HOUR_MS = 1_800_000;
/** A new simulator has lived through two days already. */
const PAST_SAMPLES = 96;

export function createRoom(
  { climate: kind, temperatureC = 19.6, ...room }: RoomFacts,
  epochMs: number,
): Room {
  if (!kind) return room;
  const air = { temperatureC, humidityPercent: 48.2, relayOn: false };
  const latest = Math.floor(epochMs / HALF_HOUR_MS) * HALF_HOUR_MS;
  return {
    ...room,
    climate: {
      kind,
      mode: 'home',
      manualC: 20,
      startEpochMs: epochMs - 7_200_000,
      air: stepAir(air, { function: 'HEATING', setPointC: 20 }, 0, 0),
      openWindow: false,
      computedEpochMs: epochMs,
      samples: Array.from({ length: PAST_SAMPLES }, (_, index) => ({
        epochMs: latest - (PAST_SAMPLES - 1 - index) * HALF_HOUR_MS,
        temperatureC: temperatureC + 0.6 * Math.sin(index / 7),
        setPointC: 20,
        boilerOnSeconds: index % 3 === 0 ? 1200 : 300,
      })),
      boilerOnSeconds: 0,
    },
  };
}
