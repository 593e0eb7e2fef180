/** The devices of a new simulator: something of every kind and profile. Every id here is invented. */
import { createHash } from 'node:crypto';
import type { Asset } from '../house/asset.ts';
import type { Device } from '../house/device.ts';
import { createAsset, createDevice } from '../house/new-device.ts';
import type { Json, Profile } from '../house/profile.ts';
import { CABIN_ID, GARDEN_ID, GATEWAY_ID, HOUSE_ID, NODE_ID } from './grounds.ts';

interface SeedAsset extends Partial<Omit<Asset, 'assetId' | 'reports'>> {
  readonly name: string;
  /** What it said last, a quarter of an hour ago; undefined: it never said anything. */
  readonly value?: Json;
}

interface SeedDevice extends Partial<Omit<Device, 'assets'>> {
  readonly deviceId: string;
  readonly groundId: string;
  readonly name: string;
  readonly title: string;
  readonly assets: readonly SeedAsset[];
}

const SAID_BEFORE_MS = 15 * 60_000;
const AGE_MS = 30 * 24 * 3_600_000;
const A_PICTURE = 'https://img.example.invalid/hall/0001.jpg';

const boolean: Profile = { type: 'boolean' };
const text: Profile = { type: 'string' };
const percent: Profile = { type: 'integer', minimum: 0, maximum: 100, unit: '%' };
const numberOf = (unit: string): Profile => ({ type: 'number', unit });
const oneOf = (...words: string[]): Profile => ({ type: 'string', enum: words });
const position: Profile = {
  type: 'object',
  properties: { latitude: { type: 'number' }, longitude: { type: 'number' }, altitude: { type: 'number' } },
};

const devices: readonly SeedDevice[] = [
  {
    deviceId: NODE_ID,
    groundId: HOUSE_ID,
    name: 'hallway-node',
    title: 'Hallway node',
    networkId: 'examplenet',
    assets: [
      {
        name: 'temperature',
        title: 'Temperature',
        profile: { ...numberOf('°C'), threshold: [{ title: 'Warm', value: 25 }] },
        style: 'primary',
        movement: 'indoor_temperature',
      },
      { name: 'humidity', title: 'Humidity', profile: numberOf('%'), movement: 'humidity' },
      {
        name: 'air-quality',
        title: 'Air quality',
        profile: oneOf('Good', 'Moderate', 'Bad'),
        value: 'Good',
      },
      { name: 'Battery Level', title: 'Battery', profile: percent, style: 'battery', value: 87 },
      { name: 'motion', title: 'Motion', profile: boolean },
    ],
  },
  {
    deviceId: 'P1ugQaWsEdRfTgYhUjIkOlPz',
    groundId: HOUSE_ID,
    name: 'kettle-plug',
    title: 'Kettle plug',
    actsAfterSeconds: 1,
    assets: [
      { name: 'switch', title: 'Switch', is: 'actuator', profile: boolean, value: true, style: 'primary' },
      { name: 'power', title: 'Power', profile: numberOf('W'), movement: 'power' },
      { name: 'energy', title: 'Energy', profile: numberOf('kWh'), movement: 'energy' },
    ],
  },
  {
    deviceId: 'LampMnBvCxZlKjHgFdSaPoIu',
    groundId: HOUSE_ID,
    name: 'desk-lamp',
    title: 'Desk lamp',
    type: 'example-lamp',
    actsAfterSeconds: 2,
    assets: [
      { name: 'on', title: 'Light', is: 'actuator', profile: boolean, value: false },
      { name: 'brightness', title: 'Brightness', is: 'actuator', profile: percent, value: 60 },
      { name: 'colour', title: 'Colour', is: 'actuator', profile: text, value: '#ffd8a8' },
      {
        name: 'scene',
        title: 'Scene',
        is: 'actuator',
        profile: oneOf('work', 'evening', 'off'),
        value: 'work',
      },
    ],
  },
  {
    deviceId: 'HeatYtReWqAsDfGhJkLpOiUy',
    groundId: HOUSE_ID,
    name: 'thermostat',
    title: 'Thermostat',
    actsAfterSeconds: 5,
    assets: [
      { name: 'room_temperature', title: 'Measured', profile: numberOf('°C'), value: 20.4 },
      {
        name: 'setpoint',
        title: 'Set point',
        is: 'actuator',
        profile: { type: 'number', minimum: 5, maximum: 30, unit: '°C' },
        value: 20.5,
      },
      { name: 'mode', title: 'Mode', is: 'actuator', profile: oneOf('auto', 'manual', 'off'), value: 'auto' },
    ],
  },
  {
    // Of 23 characters, as some old ids are.
    deviceId: 'CamZaQxSwCdEvFrBgTnHyMj',
    groundId: HOUSE_ID,
    name: 'porch-camera',
    title: 'Porch camera',
    assets: [
      { name: 'snapshot', title: 'Snapshot', profile: text, value: A_PICTURE },
      {
        name: 'location',
        title: 'Location',
        profile: position,
        value: { latitude: 51.0543, longitude: 3.7174 },
      },
      {
        name: 'place',
        title: 'Place',
        profile: { type: 'location' },
        value: { latitude: 51.05, longitude: 3.72, accuracy: 12 },
      },
      { name: 'motion', title: 'Motion', profile: boolean, value: false },
      { name: 'siren', title: 'Siren', is: 'actuator', profile: boolean },
    ],
  },
  {
    deviceId: 'B1indXdRcFtVgYbHuNjImKoL',
    groundId: HOUSE_ID,
    gatewayId: GATEWAY_ID,
    name: 'blind',
    title: 'Attic blind',
    online: false,
    actsAfterSeconds: 20,
    assets: [{ name: 'position', title: 'Position', is: 'actuator', profile: percent, value: 100 }],
  },
  {
    deviceId: 'StatPzOxIcUvYbTnRmEqWaSd',
    groundId: HOUSE_ID,
    name: 'statistics',
    title: 'Statistics',
    assets: [
      {
        name: 'average-temperature',
        title: 'Average temperature',
        is: 'virtual',
        profile: numberOf('°C'),
        value: 20.7,
      },
      { name: 'note', title: 'Note', is: 'virtual', profile: text, value: 'All is well' },
      {
        name: 'tags',
        title: 'Tags',
        is: 'virtual',
        profile: { type: 'array', items: text },
        value: ['home', 'winter'],
      },
      { name: 'report', title: 'Report', is: 'virtual', profile: { type: 'object' } },
    ],
  },
  {
    deviceId: 'Be11WsXeDcRfVtGbYhNuJmIk',
    groundId: HOUSE_ID,
    name: 'doorbell',
    title: 'Doorbell',
    activityEnabled: false,
    assets: [
      { name: 'pressed', title: 'Pressed', profile: boolean, value: false },
      { name: '1', title: 'Rings today', profile: { type: 'integer' }, value: 3 },
      { name: 'chime', title: 'Chime', is: 'config', profile: text, style: 'config', value: 'ding-dong' },
    ],
  },
  {
    deviceId: GARDEN_ID,
    groundId: CABIN_ID,
    name: 'garden-node',
    title: 'Garden node',
    assets: [
      { name: 'temperature', title: 'Outside', profile: numberOf('°C'), movement: 'outdoor_temperature' },
      { name: 'pm10', title: 'PM10', profile: numberOf('µg/m³'), movement: 'particles' },
    ],
  },
];

export function createDevices(epochMs: number): Device[] {
  return devices.map(({ assets, ...facts }) => ({
    ...createDevice(facts.groundId, facts, epochMs - AGE_MS),
    lastActiveEpochMs: epochMs - SAID_BEFORE_MS,
    assets: assets.map((asset) => seedAsset(facts.deviceId, asset, epochMs)),
  }));
}

function seedAsset(deviceId: string, { value, ...facts }: SeedAsset, epochMs: number): Asset {
  const saidEpochMs = epochMs - SAID_BEFORE_MS;
  return {
    ...createAsset(facts, epochMs - AGE_MS),
    assetId: seedAssetId(deviceId, facts.name),
    reports: value === undefined ? [] : [{ atEpochMs: saidEpochMs, receivedEpochMs: saidEpochMs, value }],
  };
}

/** The same in every new simulator. */
function seedAssetId(deviceId: string, name: string): string {
  const hash = createHash('sha256').update(`${deviceId}/${name}`).digest('base64');
  return hash.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 24);
}
