/** Claire's house: a weather station, radiator valves, Legrand's wiring, shutters, cameras and alarms. */
import type { Home } from '../house/home.ts';
import { createHome } from './new-home.ts';
import type { ModuleFacts } from './new-module.ts';
import { createModule } from './new-module.ts';
import { createRoom } from './new-room.ts';
import { CLAIRE_ID } from './people.ts';

export const MAISON = '65aa00000000000000000001';
export const SALON = '1000000001';
export const CHAMBRE = '1000000002';
export const BUREAU = '1000000003';
export const STATION = '70:ee:50:aa:bb:01';
export const RELAY = '70:ee:50:aa:bb:10';
export const GATEWAY = '00:04:74:aa:bb:20';
const SHUTTER_GATEWAY = '70:ee:50:aa:bb:60';
const CAMERA = '70:ee:50:aa:bb:41';

const weather: ModuleFacts[] = [
  { moduleId: STATION, type: 'NAMain', name: 'Salon', roomId: SALON },
  { moduleId: '02:00:00:aa:bb:02', type: 'NAModule1', name: 'Jardin', bridge: STATION, batteryMv: 5480 },
  // Nobody has given the wind gauge a name.
  { moduleId: '06:00:00:aa:bb:03', type: 'NAModule2', bridge: STATION },
  { moduleId: '05:00:00:aa:bb:04', type: 'NAModule3', name: 'Pluie', bridge: STATION },
  { moduleId: '03:00:00:aa:bb:05', type: 'NAModule4', name: 'Chambre', bridge: STATION, batteryMv: 4318 },
  { moduleId: '70:ee:50:aa:bb:06', type: 'NHC', name: 'Chambre bébé', roomId: CHAMBRE },
];

const heating: ModuleFacts[] = [
  { moduleId: RELAY, type: 'NAPlug', name: 'Relais' },
  { moduleId: '04:00:00:aa:bb:11', type: 'NATherm1', name: 'Thermostat', roomId: SALON, bridge: RELAY },
  { moduleId: '09:00:00:aa:bb:12', type: 'NRV', name: 'Vanne chambre', roomId: CHAMBRE, bridge: RELAY },
];

const legrand = (
  suffix: string,
  type: string,
  name: string,
  rest: Partial<ModuleFacts> = {},
): ModuleFacts => ({
  moduleId: `00:04:74:00:00:aa:bb:${suffix}`,
  type,
  name,
  roomId: SALON,
  bridge: GATEWAY,
  ...rest,
});

const wiring: ModuleFacts[] = [
  { moduleId: GATEWAY, type: 'NLG', name: 'Gateway', roomId: SALON },
  legrand('21', 'NLP', 'Prise TV', { applianceType: 'multimedia' }),
  legrand('22', 'NLV', 'Volet salon'),
  legrand('23', 'NLFN', 'Variateur', { applianceType: 'light' }),
  legrand('24', 'NLL', 'Lampe entrée', { applianceType: 'light' }),
  legrand('25', 'NLLV', 'Volet cuisine'),
  legrand('26', 'NLPC', 'Compteur', { applianceType: 'meter' }),
  legrand('27', 'NLPM', 'Prise mobile'),
  legrand('28', 'NLM', 'Micromodule', { applianceType: 'light' }),
  legrand('29', 'NLPT', 'Télérupteur', { applianceType: 'light' }),
  legrand('2a', 'NLPO', 'Chauffe-eau', { applianceType: 'water_heater' }),
  legrand('2b', 'NLLF', 'Ventilation'),
  legrand('2c', 'NLC', 'Radiateur bureau', { applianceType: 'radiator', roomId: BUREAU }),
  legrand('2d', 'NLT', 'Télécommande'),
  legrand('2e', 'NLAV', 'Commande volets'),
  legrand('2f', 'NLD', 'Double commande'),
  // The ecometer's parent and the double switch have neither name nor room; their channels have both.
  { moduleId: '00:04:74:00:00:aa:bb:30', type: 'NLE', bridge: GATEWAY },
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((channel) =>
    legrand(`30#${channel}`, 'NLE', `Écocompteur ${channel}`, { roomId: undefined }),
  ),
  { moduleId: '00:04:74:00:00:aa:bb:31', type: 'NLIS', bridge: GATEWAY },
  ...[1, 2].map((channel) =>
    legrand(`31#${channel}`, 'NLIS', `Interrupteur ${channel}`, {
      applianceType: 'light',
      status: { on: false },
    }),
  ),
  legrand('32', 'NLPS', 'Délesteur'),
  legrand('33', 'EBU', 'Compteur gaz'),
  // A type that nobody knows yet.
  legrand('39', 'NLX9', 'Nouveau module'),
];

const shutters: ModuleFacts[] = [
  { moduleId: SHUTTER_GATEWAY, type: 'NBG', name: 'iDiamant' },
  { moduleId: '1234567801', type: 'NBR', name: 'Volet nord', roomId: CHAMBRE, bridge: SHUTTER_GATEWAY },
  { moduleId: '1234567802', type: 'NBO', name: 'Volet est', roomId: CHAMBRE, bridge: SHUTTER_GATEWAY },
  { moduleId: '1234567803', type: 'NBS', name: 'Store', roomId: SALON, bridge: SHUTTER_GATEWAY },
];

const security: ModuleFacts[] = [
  { moduleId: CAMERA, type: 'NACamera', name: 'Entrée' },
  { moduleId: '70:ee:50:aa:bb:40', type: 'NOC', name: 'Portail' },
  { moduleId: '70:ee:50:aa:bb:42', type: 'NDB', name: 'Sonnette' },
  { moduleId: '70:ee:50:aa:bb:43', type: 'NACamDoorTag', name: 'Porte', bridge: CAMERA },
  { moduleId: '70:ee:50:aa:bb:44', type: 'NIS', name: 'Sirène', bridge: CAMERA },
  { moduleId: '70:ee:50:aa:bb:45', type: 'NSD', name: 'Fumée couloir' },
  { moduleId: '70:ee:50:aa:bb:46', type: 'NCO', name: 'CO chaufferie' },
];

const DAY_MS = 86_400_000;

export function createMaison(epochMs: number): Home {
  const facts = [...weather, ...heating, ...wiring, ...shutters, ...security];
  const modules = facts.map((each) => createModule(each, epochMs));
  for (const module of modules) {
    // The bedroom module fell silent a week ago; the garden one was not heard for half an hour last night.
    if (module.moduleId === '03:00:00:aa:bb:05') module.silentSinceEpochMs = epochMs - 7 * DAY_MS;
    if (module.moduleId === '02:00:00:aa:bb:02')
      module.outages.push({ fromEpochMs: epochMs - 37_800_000, toEpochMs: epochMs - 36_000_000 });
  }
  const past = (hours: number) => Math.floor(epochMs / 1000 - hours * 3600);
  return createHome({
    homeId: MAISON,
    userIds: [CLAIRE_ID],
    name: 'Maison',
    modules,
    rooms: [
      createRoom({ roomId: SALON, name: 'Salon', type: 'livingroom', climate: 'classic' }, epochMs),
      createRoom(
        { roomId: CHAMBRE, name: 'Chambre', type: 'bedroom', climate: 'classic', temperatureC: 18.2 },
        epochMs,
      ),
      createRoom({ roomId: BUREAU, name: 'Bureau', type: 'home_office', climate: 'pilot' }, epochMs),
    ],
    persons: [
      {
        personId: '0a0a0a0a-1111-4222-8333-444455556666',
        pseudo: 'Alex',
        lastSeenEpochMs: epochMs - 1_700_000,
        outOfSight: false,
      },
      {
        personId: '0b0b0b0b-1111-4222-8333-444455556666',
        lastSeenEpochMs: epochMs - 90_000_000,
        outOfSight: true,
      },
    ],
    events: [
      {
        id: '65cc00000000000000000003',
        type: 'outdoor',
        time: past(0.2),
        module_id: '70:ee:50:aa:bb:40',
        video_id: '9d0f4c1a-8f4b-4f0e-9a55-1c2d3e4f5a6b',
        video_status: 'available',
        subevents: [
          {
            id: '7b1c2d3e-8f4b-4f0e-9a55-1c2d3e4f5a6b',
            type: 'human',
            time: past(0.2),
            verified: true,
            offset: 0,
            snapshot: { url: 'https://img.example.invalid/s.jpg', expires_at: past(-1) },
            vignette: { url: 'https://img.example.invalid/v.jpg' },
            message: 'Person detected',
          },
        ],
      },
      {
        id: '65cc00000000000000000002',
        type: 'person',
        time: past(0.5),
        module_id: CAMERA,
        person_id: '0a0a0a0a-1111-4222-8333-444455556666',
        out_of_sight: false,
        message: '<b>Alex</b> seen',
      },
      {
        id: '65cc00000000000000000001',
        type: 'connection',
        time: past(30),
        module_id: CAMERA,
        message: 'Camera connected',
      },
    ],
  });
}
