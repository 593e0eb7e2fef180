/** States of one asset and of a whole device, and commands (contract 4.2 to 4.4). */
import { type Answer, empty, json } from '../../simulation/answer.ts';
import type { ApiOperation } from '../faults/operation.ts';
import type { Asset, Report } from '../house/asset.ts';
import type { Device } from '../house/device.ts';
import { acceptValue, type Json } from '../house/profile.ts';
import { type House, readCurrent } from '../house.ts';
import { readTime, wireTime } from '../wire-time.ts';
import type { World } from '../world.ts';
import { assetPaths } from './assets.ts';
import { lowerNames, readObject } from './body-fields.ts';
import type { ApiCall, ApiRoute } from './gate.ts';
import { isUsable, reachDevice, reachUsableAsset } from './reach.ts';
import { refusal } from './refusal.ts';
import { shownReport } from './shown-report.ts';
import { reportView } from './views.ts';

export function stateRoutes(world: World, house: House): ApiRoute[] {
  const onAsset = (
    method: 'GET' | 'PUT',
    suffix: string,
    operation: ApiOperation,
    handle: (call: ApiCall) => Answer,
  ) => assetPaths.map((path): ApiRoute => ({ method, path: `${path}${suffix}`, operation, handle }));
  return [
    ...onAsset('GET', '/state', 'state', (call) => readState(world, call)),
    ...onAsset('PUT', '/state', 'write_state', (call) => writeState(world, house, call)),
    ...onAsset('PUT', '/command', 'command', (call) => command(world, house, call)),
    {
      method: 'GET',
      path: '/device/:deviceId/state',
      operation: 'device_state',
      handle: (call) => readDeviceState(world, call),
    },
    {
      method: 'PUT',
      path: '/device/:deviceId/state',
      operation: 'write_device_state',
      handle: (call) => writeDeviceState(world, house, call),
    },
  ];
}

function readState(world: World, call: ApiCall): Answer {
  const reached = reachUsableAsset(world, call, 'read');
  if ('refused' in reached) return reached.refused;
  const { settings } = world.state;
  const current = readerOf(world, 'state')(reached.asset);
  if (!current && settings.neverReportedStatus === 404) return refusal(world, 404, 'State not found.');
  if (world.faults.take('null_answer', 'state')) return json(200, null);
  const state = reportView(settings, current);
  if (settings.stateForm === 'bare') return json(200, state ?? null);
  return json(200, { id: reached.asset.assetId, ...(state !== undefined && { state }) });
}

function readDeviceState(world: World, call: ApiCall): Answer {
  const reached = reachDevice(world, call, 'read');
  if ('refused' in reached) return reached.refused;
  if (world.faults.take('null_answer', 'device_state')) return json(200, null);
  const read = readerOf(world, 'device_state');
  const { settings } = world.state;
  const entries = reached.device.assets.map((asset) => [asset.name, reportView(settings, read(asset))]);
  return json(200, Object.fromEntries(entries));
}

/** How this one call sees every asset, faults included. */
function readerOf(world: World, operation: 'state' | 'device_state') {
  const lagSeconds = world.faults.take('stale_states', operation)?.seconds;
  const asText = world.faults.take('values_as_text', operation) !== undefined;
  return (asset: Asset): Report | undefined => {
    const current = readCurrent(world, asset, lagSeconds);
    return current && shownReport(current, asText);
  };
}

interface SentState {
  readonly value: Json;
  readonly atEpochMs: number | undefined;
}

function writeState(world: World, house: House, call: ApiCall): Answer {
  const reached = reachUsableAsset(world, call, 'write');
  if ('refused' in reached) return reached.refused;
  const { device, asset } = reached;
  const sent = readSent(world, asset, readObject(call.body));
  if (!sent) return refusal(world, 400, 'The value is invalid.');
  const lost = world.faults.take('write_lost', 'write_state') !== undefined;
  const view = lost ? viewOfLost(world, sent) : store(house, device, asset, sent);
  return written(world, view);
}

/** Partial: what is unknown or wrong is left out without a word; atomic: it spoils the whole (contract 8.13). */
function writeDeviceState(world: World, house: House, call: ApiCall): Answer {
  const reached = reachDevice(world, call, 'write');
  if ('refused' in reached) return reached.refused;
  const { device } = reached;
  const body = readObject(call.body);
  if (!body) return refusal(world, 400, 'The request is invalid.');
  const entries = Object.entries(body).map(([name, member]) => {
    const asset = device.assets.find((candidate) => candidate.name === name && isUsable(world, candidate));
    return { name, asset, sent: asset && readSent(world, asset, member) };
  });
  if (world.state.settings.bulkWrite === 'atomic') {
    if (entries.some(({ asset }) => !asset)) return refusal(world, 404, 'Asset not found.');
    if (entries.some(({ sent }) => !sent)) return refusal(world, 400, 'A value is invalid.');
  }
  const lost = world.faults.take('write_lost', 'write_device_state') !== undefined;
  const views = entries.flatMap(({ name, asset, sent }) => {
    if (!asset || !sent) return [];
    return [[name, lost ? viewOfLost(world, sent) : store(house, device, asset, sent)] as const];
  });
  return written(world, Object.fromEntries(views));
}

/** Undefined when there is no value that the profile takes, or no time where one should be. */
function readSent({ state }: World, asset: Asset, body: Json | undefined): SentState | undefined {
  const { value, at } = lowerNames(body) ?? {};
  if (value === undefined) return undefined;
  const accepted = acceptValue(asset.profile, value, state.settings.validation);
  if (accepted === undefined) return undefined;
  if (at === undefined || at === null) return { value: accepted, atEpochMs: undefined };
  const atEpochMs = typeof at === 'string' ? readTime(at) : undefined;
  return atEpochMs === undefined ? undefined : { value: accepted, atEpochMs };
}

function store(house: House, device: Device, asset: Asset, { value, atEpochMs }: SentState) {
  const report = house.report(device, asset, value, atEpochMs);
  return { at: wireTime(report.atEpochMs), value: report.value };
}

function viewOfLost({ clock }: World, { value, atEpochMs }: SentState) {
  return { at: wireTime(atEpochMs ?? clock.now()), value };
}

function written({ state }: World, view: unknown): Answer {
  const answers = { state: () => json(200, view), empty: () => empty(200), no_content: () => empty(204) };
  return answers[state.settings.stateWriteAnswer]();
}

function command(world: World, house: House, call: ApiCall): Answer {
  const reached = reachUsableAsset(world, call, 'write');
  if ('refused' in reached) return reached.refused;
  const { device, asset } = reached;
  if (asset.is === 'sensor') return refusal(world, 400, 'A sensor takes no commands.');
  const sent = readSent(world, asset, readObject(call.body));
  if (!sent) return refusal(world, 400, 'The value is invalid.');
  if (!world.faults.take('command_lost', 'command')) house.command(device, asset, sent.value);
  return empty(world.state.settings.commandStatus);
}
