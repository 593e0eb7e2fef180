/** The homes of a new simulator. Every id here is invented. */
import type { Home } from '../house/home.ts';
import { createMaison } from './maison.ts';
import { createHome } from './new-home.ts';
import { createModule } from './new-module.ts';
import { createRoom } from './new-room.ts';
import { BRUNO_ID, BRUNO_STATION, CLAIRE_ID, HARBOUR_OWNER_ID, HARBOUR_STATION } from './people.ts';

/** Claire's others: an OpenTherm loft, a flat with a Smarther, BTicino's rest, and a plot with nothing on it. */
export function createHomes(epochMs: number): Home[] {
  return [
    createMaison(epochMs),
    createLoft(epochMs),
    createCasa(epochMs),
    createPalazzo(epochMs),
    createHome({ homeId: '65aa00000000000000000009', userIds: [CLAIRE_ID], name: 'Terrain' }),
    createBrunosFlat(epochMs),
    createHarbour(epochMs),
  ];
}

function createLoft(epochMs: number): Home {
  const relay = '70:ee:50:aa:cc:10';
  const roomId = '2000000001';
  return createHome({
    homeId: '65aa00000000000000000002',
    userIds: [CLAIRE_ID],
    name: 'Loft',
    rooms: [createRoom({ roomId, name: 'Loft', type: 'livingroom', climate: 'opentherm' }, epochMs)],
    modules: [
      createModule({ moduleId: relay, type: 'OTH', name: 'Relais OpenTherm' }, epochMs),
      createModule(
        { moduleId: '04:00:00:aa:cc:11', type: 'OTM', name: 'Thermostat modulant', roomId, bridge: relay },
        epochMs,
      ),
      createModule({ moduleId: '70:ee:50:aa:cc:12', type: 'NAC', name: 'Clim', roomId }, epochMs),
    ],
  });
}

function createCasa(epochMs: number): Home {
  const roomId = '3000000001';
  return createHome({
    homeId: '65aa00000000000000000003',
    userIds: [CLAIRE_ID],
    name: 'Casa',
    country: 'IT',
    city: 'Bergamo',
    timeZone: 'Europe/Rome',
    altitude: 249,
    coordinates: [9.67, 45.7],
    rooms: [
      createRoom(
        { roomId, name: 'Soggiorno', type: 'livingroom', climate: 'smarther', temperatureC: 20.6 },
        epochMs,
      ),
    ],
    modules: [
      createModule({ moduleId: '00:03:50:aa:bb:30', type: 'BNS', name: 'Smarther', roomId }, epochMs),
    ],
  });
}

const myHomeTypes = ['BNIL', 'BNLD', 'BNCS', 'BNAB', 'BNAS', 'BNMS', 'BNXM', 'BNTH', 'BNFC', 'BNTR'];
const classe300Types = ['BNEU', 'BNDL', 'BNSL'];

/** BTicino's MyHome and its video intercoms. */
function createPalazzo(epochMs: number): Home {
  const server = '00:03:50:aa:dd:01';
  const panel = '00:03:50:aa:dd:02';
  const roomId = '4000000001';
  const behind = (types: readonly string[], bridge: string) =>
    types.map((type, index) =>
      createModule({ moduleId: `${bridge}-${index + 1}`, type, name: type, roomId, bridge }, epochMs),
    );
  return createHome({
    homeId: '65aa00000000000000000004',
    userIds: [CLAIRE_ID],
    name: 'Palazzo',
    country: 'IT',
    city: 'Milano',
    timeZone: 'Europe/Rome',
    altitude: 120,
    coordinates: [9.19, 45.46],
    rooms: [createRoom({ roomId, name: 'Ingresso', type: 'lobby' }, epochMs)],
    modules: [
      createModule({ moduleId: server, type: 'BNMH', name: 'MyHome' }, epochMs),
      ...behind(myHomeTypes, server),
      createModule({ moduleId: panel, type: 'BNCX', name: 'Classe 300' }, epochMs),
      ...behind(classe300Types, panel),
      createModule({ moduleId: '00:03:50:aa:dd:03', type: 'BFII', name: 'Videocitofono' }, epochMs),
    ],
  });
}

function createBrunosFlat(epochMs: number): Home {
  const gateway = '00:04:74:bb:00:20';
  const roomId = '5000000001';
  return createHome({
    homeId: '65aa00000000000000000005',
    userIds: [BRUNO_ID],
    name: 'Wohnung',
    country: 'DE',
    city: 'Köln',
    timeZone: 'Europe/Berlin',
    altitude: 55,
    coordinates: [6.96, 50.94],
    rooms: [createRoom({ roomId, name: 'Küche', type: 'kitchen' }, epochMs)],
    modules: [
      createModule({ moduleId: BRUNO_STATION, type: 'NAMain', name: 'Küche', roomId }, epochMs),
      createModule(
        { moduleId: '02:00:00:bb:00:02', type: 'NAModule1', name: 'Balkon', bridge: BRUNO_STATION },
        epochMs,
      ),
      createModule({ moduleId: gateway, type: 'NLG', name: 'Gateway', roomId }, epochMs),
      createModule(
        {
          moduleId: '00:04:74:00:00:bb:00:21',
          type: 'NLP',
          name: 'Kaffeemaschine',
          roomId,
          bridge: gateway,
        },
        epochMs,
      ),
    ],
  });
}

function createHarbour(epochMs: number): Home {
  return createHome({
    homeId: '65aa00000000000000000006',
    userIds: [HARBOUR_OWNER_ID],
    name: 'Harbour',
    city: 'Dunkerque',
    altitude: 4,
    coordinates: [2.37, 51.04],
    modules: [
      createModule({ moduleId: HARBOUR_STATION, type: 'NAMain', name: 'Office' }, epochMs),
      createModule(
        { moduleId: '02:00:00:cc:00:02', type: 'NAModule1', name: 'Pier', bridge: HARBOUR_STATION },
        epochMs,
      ),
    ],
  });
}
