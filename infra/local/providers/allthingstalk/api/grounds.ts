/** Users, their grounds, and the devices in them (contract 4.1). */
import * as z from 'zod';
import { type Answer, empty, json } from '../../simulation/answer.ts';
import type { Device, Ground } from '../house/device.ts';
import { createDevice } from '../house/new-device.ts';
import type { UndocumentedRoute } from '../settings.ts';
import { devicesOf, findGround, findUserById, type World } from '../world.ts';
import { mayReachGround } from './access.ts';
import { lowerNames, readObject } from './body-fields.ts';
import type { ApiCall, ApiRoute } from './gate.ts';
import { isTrue } from './query-flag.ts';
import { refusal } from './refusal.ts';
import { pageOf, readPage } from './time-span.ts';
import { usersOnly } from './users-only.ts';
import { deviceView, groundView } from './views.ts';

export function groundRoutes(world: World): ApiRoute[] {
  const forUsers = (handle: (call: ApiCall, userId: string) => Answer) => usersOnly(world, handle);
  return [
    { method: 'GET', path: '/me', operation: 'me', handle: forUsers((_, userId) => readMe(world, userId)) },
    {
      method: 'GET',
      path: '/me/grounds',
      operation: 'my_grounds',
      handle: forUsers((call, userId) => {
        const shared = call.query.get('type') === 'shared';
        return listGrounds([...ownGrounds(world, userId), ...(shared ? sharedGrounds(world, userId) : [])]);
      }),
    },
    {
      method: 'GET',
      path: '/devices',
      operation: 'devices',
      // A bare list, unlike that of a ground.
      handle: forUsers((call, userId) => json(200, viewAll(world, call, ownDevices(world, userId)))),
    },
    {
      method: 'POST',
      path: '/service/push/notifications',
      operation: 'notify',
      handle: forUsers((call, userId) => notify(world, call, userId)),
    },
    {
      method: 'GET',
      path: '/ground/:groundId/devices',
      operation: 'ground_devices',
      handle: (call) => listDevices(world, call),
    },
    undocumented(world, 'list_grounds', {
      method: 'GET',
      path: '/grounds',
      handle: forUsers((_, userId) => listGrounds(ownGrounds(world, userId))),
    }),
    undocumented(world, 'read_ground', {
      method: 'GET',
      path: '/ground/:groundId',
      handle: (call) => {
        const reached = reachGround(world, call);
        return 'refused' in reached ? reached.refused : json(200, groundView(reached.ground));
      },
    }),
    undocumented(world, 'create_device', {
      method: 'POST',
      path: '/device',
      handle: forUsers((call, userId) => addDevice(world, call, userId)),
    }),
  ];
}

/** Only there when the setting says so (contract 8.27). */
function undocumented(
  world: World,
  name: UndocumentedRoute,
  { method, path, handle }: Pick<ApiRoute, 'method' | 'path' | 'handle'>,
): ApiRoute {
  return {
    method,
    path,
    operation: 'undocumented',
    handle: (call) =>
      world.state.settings.undocumentedRoutes.includes(name)
        ? handle(call)
        : refusal(world, 404, 'Resource not found.'),
  };
}

function readMe(world: World, userId: string): Answer {
  const user = findUserById(world, userId);
  if (!user) return refusal(world, 401, world.state.settings.unauthorizedText);
  const { userName, email, name } = user;
  return json(200, { id: userId, userName, email, fullName: name });
}

function ownGrounds({ state }: World, userId: string): Ground[] {
  return state.grounds.filter(({ ownerId }) => ownerId === userId);
}

function sharedGrounds({ state }: World, userId: string): Ground[] {
  return state.grounds.filter(({ members }) => members.some((member) => member.userId === userId));
}

function listGrounds(grounds: readonly Ground[]): Answer {
  return json(200, { items: grounds.map(groundView) });
}

function ownDevices(world: World, userId: string): Device[] {
  return ownGrounds(world, userId).flatMap(({ groundId }) => devicesOf(world, groundId));
}

function viewAll(world: World, { query }: ApiCall, devices: readonly Device[]) {
  return devices.map((device) => deviceView(world, device, isTrue(query, 'includeAssets')));
}

function reachGround(world: World, call: ApiCall): { ground: Ground } | { refused: Answer } {
  const ground = findGround(world, call.parameters.groundId ?? '');
  if (!ground) return { refused: refusal(world, 404, 'Ground not found.') };
  return mayReachGround(world, call.access, ground.groundId, 'read')
    ? { ground }
    : { refused: refusal(world, 403, 'You do not have access to this ground.') };
}

function listDevices(world: World, call: ApiCall): Answer {
  const reached = reachGround(world, call);
  if ('refused' in reached) return reached.refused;
  const devices = devicesOf(world, reached.ground.groundId);
  const { devicesPerPage } = world.state.settings;
  const page = world.faults.take('page_ignored', 'ground_devices') ? 0 : readPage(call);
  const shown = devicesPerPage === 0 ? devices : pageOf(devices, page, devicesPerPage);
  return json(200, { items: viewAll(world, call, shown) });
}

function notify(world: World, { body }: ApiCall, userId: string): Answer {
  const { message } = lowerNames(readObject(body)) ?? {};
  if (typeof message !== 'string') return refusal(world, 400, 'The request is invalid.');
  world.state.notifications.push({ userId, message, atEpochMs: world.clock.now() });
  return empty(200);
}

const NewDevice = z.object({
  name: z.string().min(1),
  title: z.string().optional(),
  description: z.string().default(''),
  activityenabled: z.boolean().default(true),
});

/** As it was until 2016: into the user's first ground. */
function addDevice(world: World, { body }: ApiCall, userId: string): Answer {
  const wanted = NewDevice.safeParse(lowerNames(readObject(body))).data;
  const [ground] = ownGrounds(world, userId);
  if (!wanted || !ground) return refusal(world, 400, 'The request is invalid.');
  const { name, title = name, description, activityenabled: activityEnabled } = wanted;
  const device = createDevice(
    ground.groundId,
    { name, title, description, activityEnabled },
    world.clock.now(),
  );
  world.state.devices.push(device);
  return json(201, deviceView(world, device, true));
}
