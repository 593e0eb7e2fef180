import { type Asset, currentReport, keepReport, type Report } from './house/asset.ts';
import type { Device, SentCommand } from './house/device.ts';
import { MOVEMENT_PERIOD_MS, movedValue } from './house/movements.ts';
import type { Json } from './house/profile.ts';
import { findDevice, type World } from './world.ts';

/** How often things are computed while nothing else happens. */
export const STEP_MS = MOVEMENT_PERIOD_MS;
/** Of a longer leap only the last part is lived through. */
export const LONGEST_GAP_MS = 24 * 3_600_000;
const KEPT_COMMANDS = 200;

/** All devices together, computed no further than they are asked for; rules hear of every value. */
export interface House {
  /** Brings everything that changes by itself to the present, and does what devices were to do by then. */
  compute(): void;
  /** A device says what is; without a time it is so now. */
  report(device: Device, asset: Asset, value: Json, atEpochMs?: number): Report;
  /** A wish on its way to a device: it is no state (contract 3). */
  command(device: Device, asset: Asset, value: Json): void;
  setOnline(device: Device, online: boolean): void;
  /** When something happens at a time of its own, epoch milliseconds. */
  nextDue(): number;
}

export function createHouse(world: World, valueCame: (asset: Asset, report: Report) => void): House {
  const { state, clock } = world;

  function keep(device: Device, asset: Asset, report: Report): Report {
    keepReport(asset, report, { stored: device.activityEnabled, sameAt: state.settings.sameAt });
    device.lastActiveEpochMs = Math.max(device.lastActiveEpochMs ?? 0, report.receivedEpochMs);
    valueCame(asset, report);
    return report;
  }

  function report(device: Device, asset: Asset, value: Json, atEpochMs?: number): Report {
    const now = clock.now();
    return keep(device, asset, { atEpochMs: atEpochMs ?? now, receivedEpochMs: now, value });
  }

  function move(device: Device, asset: Asset, epochMs: number): void {
    const value = movedValue(device, asset, epochMs);
    if (value !== undefined) keep(device, asset, { atEpochMs: epochMs, receivedEpochMs: epochMs, value });
  }

  function moveAll(): void {
    const now = clock.now();
    const from = Math.max(state.movedUntilEpochMs, now - LONGEST_GAP_MS);
    const first = (Math.floor(from / MOVEMENT_PERIOD_MS) + 1) * MOVEMENT_PERIOD_MS;
    for (let epochMs = first; epochMs <= now; epochMs += MOVEMENT_PERIOD_MS)
      for (const device of state.devices)
        if (device.online) for (const asset of device.assets) move(device, asset, epochMs);
    state.movedUntilEpochMs = now;
  }

  function actAll(): void {
    const now = clock.now();
    const due = state.acts.filter(({ dueEpochMs }) => dueEpochMs <= now);
    state.acts = state.acts.filter((act) => !due.includes(act));
    for (const { deviceId, assetName, value } of due) {
      const device = findDevice(world, deviceId);
      const asset = device?.assets.find(({ name }) => name === assetName);
      if (!device || !asset) continue;
      report(device, asset, value);
      // What a plug draws changes with its switch, and it says so at once.
      for (const other of device.assets) if (other.movement === 'power') move(device, other, now);
    }
  }

  function hand(device: Device, assetName: string, value: Json): void {
    const { autoEcho, autoEchoDelaySeconds } = state.settings;
    const seconds = device.actsAfterSeconds ?? (autoEcho ? autoEchoDelaySeconds : undefined);
    if (seconds === undefined) return;
    const { deviceId } = device;
    state.acts.push({ deviceId, assetName, value, dueEpochMs: clock.now() + seconds * 1000 });
  }

  return {
    compute() {
      actAll();
      moveAll();
    },
    report,
    command(device, asset, value) {
      const { commandSetsState, offlineCommands } = state.settings;
      const setsState = { always: true, never: false, virtual: asset.is === 'virtual' }[commandSetsState];
      if (setsState) report(device, asset, value);
      const outcome: SentCommand['outcome'] = device.online ? 'delivered' : offlineCommands;
      const sent = {
        atEpochMs: clock.now(),
        deviceId: device.deviceId,
        assetName: asset.name,
        value,
        outcome,
      };
      state.commands = [...state.commands, sent].slice(-KEPT_COMMANDS);
      if (device.online && asset.is !== 'virtual') hand(device, asset.name, value);
    },
    setOnline(device, online) {
      device.online = online;
      if (!online) return;
      for (const sent of state.commands) {
        if (sent.deviceId !== device.deviceId || sent.outcome !== 'queued') continue;
        sent.outcome = 'delivered';
        hand(device, sent.assetName, sent.value);
      }
    },
    nextDue: () => Math.min(...state.acts.map(({ dueEpochMs }) => dueEpochMs)),
  };
}

/** What a reader sees of an asset that far behind the present. */
export function readCurrent(
  { state, clock }: World,
  asset: Asset,
  lagSeconds: number = state.settings.readDelaySeconds,
): Report | undefined {
  return currentReport(asset, clock.now() - lagSeconds * 1000, state.settings.olderState);
}
