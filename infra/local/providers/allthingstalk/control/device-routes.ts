import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { flag, seconds } from '../../simulation/form-values.ts';
import type { Device } from '../house/device.ts';
import { createDevice } from '../house/new-device.ts';
import { Json } from '../house/profile.ts';
import { removeDevice } from '../house/remove-device.ts';
import { readTime, wireTime } from '../wire-time.ts';
import type { Controls } from './controls.ts';
import { existingAsset, existingDevice, existingGround } from './existing.ts';

const NewDevice = z.strictObject({
  groundId: z.string(),
  name: z.string(),
  title: z.string().optional(),
  actsAfterSeconds: seconds.optional(),
});

/** What can happen to a device other than through the API. */
const DeviceChange = z.strictObject({
  deviceId: z.string(),
  title: z.string().optional(),
  type: z.string().optional(),
  groundId: z.string().optional(),
  activityEnabled: flag.optional(),
  online: flag.optional(),
  actsAfterSeconds: seconds.optional(),
});

/** A value that a device tells, past all checks. */
const Told = z.strictObject({
  deviceId: z.string(),
  /** Its name or id. */
  asset: z.string(),
  /** From a form it is text: what is JSON counts as that. */
  value: Json,
  at: z.string().optional(),
});

/** The form's choice of both at once: `deviceId/asset name`. */
const ToldByForm = z.strictObject({ point: z.string(), value: z.string() }).transform(({ point, value }) => {
  const [deviceId = '', ...name] = point.split('/');
  return { deviceId, asset: name.join('/'), value: jsonOrText(value), at: undefined };
});

export function deviceRoutes(controls: Controls): ControlRoute[] {
  const { world, house } = controls;
  const { state, clock } = world;
  return [
    control('POST', '/report', {
      summary: 'a device tells a value, unchecked: {deviceId, asset: name or id, value, at?}',
      body: z.union([Told, ToldByForm]),
      handle: ({ deviceId, asset: key, value, at }) => {
        house.compute();
        const device = existingDevice(world, deviceId);
        const atEpochMs = at === undefined ? undefined : readTime(at);
        if (at !== undefined && atEpochMs === undefined) throw new RangeError(`${at} is no time`);
        const report = house.report(device, existingAsset(device, key), value, atEpochMs);
        return { at: wireTime(report.atEpochMs), value: report.value };
      },
    }),
    control('GET', '/commands', {
      summary: 'the commands that were sent to devices, and what became of each',
      handle: () => state.commands.map(({ atEpochMs, ...sent }) => ({ at: wireTime(atEpochMs), ...sent })),
    }),
    control('POST', '/devices', {
      summary: 'another device without assets: {groundId, name, title?, actsAfterSeconds?}',
      body: NewDevice,
      handle: ({ groundId, name, title = name, actsAfterSeconds }) => {
        existingGround(world, groundId);
        const device = createDevice(groundId, { name, title, actsAfterSeconds }, clock.now());
        state.devices.push(device);
        return device;
      },
    }),
    control('POST', '/device', {
      summary:
        'a device by hand: {deviceId, title?, type?, groundId?, activityEnabled?, online?, actsAfterSeconds?}',
      body: DeviceChange,
      handle: (change) => {
        house.compute();
        return changeDevice(controls, change);
      },
    }),
    control('DELETE', '/devices/:deviceId', {
      summary: 'removes a device with its tokens and rules',
      handle: (_, { parameters }) => removeDevice(world, existingDevice(world, parameters.deviceId)),
    }),
    control('GET', '/devices/:deviceId', {
      summary: 'a device with everything it ever told',
      handle: (_, { parameters }) => {
        house.compute();
        return existingDevice(world, parameters.deviceId);
      },
    }),
  ];
}

function changeDevice({ world, house }: Controls, change: z.output<typeof DeviceChange>): Device {
  const device = existingDevice(world, change.deviceId);
  if (change.groundId !== undefined) device.groundId = existingGround(world, change.groundId).groundId;
  if (change.title !== undefined) device.title = change.title;
  if (change.type !== undefined) device.type = change.type;
  if (change.activityEnabled !== undefined) device.activityEnabled = change.activityEnabled;
  if (change.actsAfterSeconds !== undefined) device.actsAfterSeconds = change.actsAfterSeconds;
  if (change.online !== undefined) house.setOnline(device, change.online);
  return device;
}

function jsonOrText(text: string): Json {
  try {
    return Json.parse(JSON.parse(text));
  } catch {
    return text;
  }
}
