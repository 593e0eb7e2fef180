import { randomBytes } from 'node:crypto';
import type { Home } from '../house/home.ts';
import { createHome } from './new-home.ts';
import { createModule } from './new-module.ts';
import { createRoom } from './new-room.ts';

/** What a wiring is made of, in about this proportion. */
const mix = ['NLL', 'NLP', 'NLFN', 'NLV', 'NLPT', 'NLM', 'NLT', 'NLLV', 'NLPC', 'NLD'];
const MODULES_PER_ROOM = 8;

/** A home of Legrand's wiring with that many modules, its gateway among them. */
export function generateHome(userId: string, name: string, modules: number, epochMs: number): Home {
  const homeId = randomBytes(12).toString('hex');
  const gateway = macOf(homeId, 0);
  const roomOfModule = (index: number) => `9${homeId.charCodeAt(3)}${Math.floor(index / MODULES_PER_ROOM)}`;
  const roomIds = [...new Set(Array.from({ length: modules }, (_, index) => roomOfModule(index)))];
  return createHome({
    homeId,
    userIds: [userId],
    name,
    rooms: roomIds.map((roomId, index) =>
      createRoom({ roomId, name: `Room ${index + 1}`, type: 'custom' }, epochMs),
    ),
    modules: Array.from({ length: modules }, (_, index) => {
      if (index === 0) return createModule({ moduleId: gateway, type: 'NLG', name: 'Gateway' }, epochMs);
      const type = mix[index % mix.length] ?? 'NLP';
      return createModule(
        {
          moduleId: macOf(homeId, index),
          type,
          name: `${type} ${index}`,
          roomId: roomOfModule(index),
          bridge: gateway,
        },
        epochMs,
      );
    }),
  });
}

/** Six bytes for the gateway, eight for what is behind it; three of them are the home's. */
function macOf(homeId: string, index: number): string {
  const behind = index === 0 ? '' : index.toString(16).padStart(4, '0');
  return (`000474${homeId.slice(-6)}${behind}`.match(/../g) ?? []).join(':');
}
