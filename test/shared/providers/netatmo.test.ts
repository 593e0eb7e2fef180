import type { FaultOrder } from '../../../infra/local/providers/netatmo/faults/faults.ts';
import type { Module } from '../../../shared/domain/module.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import { netatmoIntake } from '../../../shared/providers/netatmo/intake.ts';
import { describeProvider } from './describe-provider.ts';
import { NOW, openNetatmo } from './netatmo/netatmo-bench.ts';
import { control } from './netatmo/netatmo-homes.ts';
import type { Misbehaviour, ProviderBench } from './provider-setup.ts';

/** Claire's; all modules with a radio of Legrand's, Bubendorff's or the relay's talk through these. */
const GATEWAYS = ['70:ee:50:aa:bb:10', '00:04:74:aa:bb:20', '70:ee:50:aa:bb:60'];
/** The schedules of her house. */
const [WEEK, HOLIDAYS] = ['65bb000000000000000000a1', '65bb000000000000000000a2'];
/** What shutters take, and then some. */
const SETTLE_SECONDS = 30;
const HOUR_MS = 3_600_000;

const faults: Record<Exclude<Misbehaviour, 'modules_offline' | 'foreign_subscriptions'>, FaultOrder> = {
  access_token_refused: { name: 'access_token_expired' },
  quota_used_up: { name: 'usage_limit' },
  unavailable: { name: 'html_error' },
  unreadable: { name: 'html_error', parameters: { status: 200 } },
  grants_unavailable: { name: 'html_error', on: 'token' },
};

async function open(): Promise<ProviderBench> {
  const bench = await openNetatmo();
  const { cloud, account } = bench;
  const userId = '65f0aa11bb22cc33dd44ee55';
  let [isOffline, passedMs] = [false, 0];
  const setGateways = async (reachable: boolean) => {
    for (const moduleId of GATEWAYS) await control(cloud, '/module', { moduleId, reachable });
    isOffline = !reachable;
  };
  return {
    ...bench,
    account,
    intake: netatmoIntake,
    now: () => NOW + passedMs,
    async misbehave(how) {
      if (how === 'foreign_subscriptions') throw new TypeError('an application has one webhook a user');
      if (how === 'modules_offline') await setGateways(false);
      else cloud.faults.set(faults[how]);
    },
    async restore() {
      cloud.faults.clear();
      if (isOffline) await setGateways(true);
      await control(cloud, `/users/${userId}/quota`, { calls: 0 });
    },
    async settle() {
      await cloud.advance(SETTLE_SECONDS);
      passedMs += SETTLE_SECONDS * 1000;
    },
  };
}

const type =
  (...types: string[]) =>
  ({ native }: Pick<Module, 'native'>) =>
    typeof native.type === 'string' && types.includes(native.type);
const device = (name: Module['device']) => (module: Module) => module.device === name;

describeProvider('Netatmo', {
  open,
  breadth: 'account',
  odd: {
    // Gateways and remote controls have no readings, nor have meters and alarms whose values come by other ways.
    silent: ({ device: kind, native }) =>
      ['gateway', 'remote', 'unknown'].includes(kind) ||
      type('NLE', 'NLIS', 'NSD', 'NCO', 'NDB', 'EBU', 'NLPS')({ native }),
    lost: ({ nativeId }) => nativeId === '03:00:00:aa:bb:05',
    independent: ({ native }) => !GATEWAYS.includes(String(native.bridge)),
    ageSeconds: 605,
  },
  wishes: [
    {
      name: 'a setpoint of a thermostat until the evening',
      of: type('NATherm1'),
      told: 'change',
      wish: (now) => ({ action: 'set_setpoint', temperatureC: 20.5, until: toUtc(now + 4 * HOUR_MS) }),
    },
    {
      name: 'another setpoint of a thermostat',
      of: type('NATherm1'),
      told: 'change',
      wish: (now) => ({ action: 'set_setpoint', temperatureC: 19, until: toUtc(now + 3 * HOUR_MS) }),
    },
    {
      name: 'a setpoint of a valve',
      of: type('NRV'),
      told: 'change',
      wish: (now) => ({ action: 'set_setpoint', temperatureC: 18, until: toUtc(now + 2 * HOUR_MS) }),
    },
    {
      name: 'automatic mode',
      of: type('NATherm1'),
      told: 'change',
      wish: () => ({ action: 'set_mode', mode: 'automatic' }),
    },
    {
      name: 'the plant away',
      of: device('plant'),
      told: 'change',
      wish: () => ({ action: 'set_plant_mode', mode: 'away' }),
    },
    {
      name: 'the plant on its schedule',
      of: device('plant'),
      told: 'change',
      wish: () => ({ action: 'set_plant_mode', mode: 'schedule' }),
    },
    {
      name: 'another schedule',
      of: device('plant'),
      told: 'change',
      wish: () => ({ action: 'select_schedule', scheduleId: HOLIDAYS }),
    },
    {
      name: 'the usual schedule',
      of: device('plant'),
      told: 'change',
      wish: () => ({ action: 'select_schedule', scheduleId: WEEK }),
    },
    {
      name: 'a plug off',
      of: type('NLP'),
      told: 'nothing',
      wish: () => ({ action: 'set_switch', on: false }),
    },
    { name: 'a plug on', of: type('NLP'), told: 'nothing', wish: () => ({ action: 'set_switch', on: true }) },
    {
      name: 'a dimmer at 40 %',
      of: type('NLFN'),
      told: 'nothing',
      wish: () => ({ action: 'set_brightness', percent: 40 }),
    },
    {
      name: 'a shutter open',
      of: type('NLV'),
      told: 'nothing',
      wish: () => ({ action: 'set_position', percent: 100 }),
    },
    {
      name: 'a shutter closed',
      of: type('NLV'),
      told: 'nothing',
      wish: () => ({ action: 'set_position', percent: 0 }),
    },
    {
      name: 'a shutter to stop',
      of: type('NLV'),
      told: 'nothing',
      unseen: true,
      wish: () => ({ action: 'stop' }),
    },
    { name: 'a fan at 2', of: type('NLLF'), told: 'nothing', wish: () => ({ action: 'set_fan', speed: 2 }) },
    {
      name: 'a camera to rest',
      of: type('NACamera'),
      told: 'nothing',
      wish: () => ({ action: 'set_monitoring', on: false }),
    },
    {
      name: 'a camera to watch',
      of: type('NACamera'),
      told: 'nothing',
      wish: () => ({ action: 'set_monitoring', on: true }),
    },
    {
      name: 'a floodlight on',
      of: type('NOC'),
      told: 'nothing',
      wish: () => ({ action: 'set_floodlight', mode: 'on' }),
    },
    {
      name: 'nobody there',
      of: device('plant'),
      told: 'nothing',
      unseen: true,
      wish: () => ({ action: 'set_presence', present: false }),
    },
    {
      name: 'everybody there',
      of: device('plant'),
      told: 'nothing',
      unseen: true,
      wish: () => ({ action: 'set_presence', present: true }),
    },
  ],
  impossible: [
    {
      name: 'a setpoint below its scale',
      of: type('NATherm1'),
      wish: () => ({ action: 'set_setpoint', temperatureC: 4 }),
    },
    {
      name: 'a setpoint that has ended',
      of: type('NATherm1'),
      wish: (now) => ({ action: 'set_setpoint', temperatureC: 20, until: toUtc(now - HOUR_MS) }),
    },
    {
      name: 'a switch for a sensor',
      of: type('NAModule1'),
      wish: () => ({ action: 'set_switch', on: true }),
    },
    { name: 'a position for a plug', of: type('NLP'), wish: () => ({ action: 'set_position', percent: 50 }) },
    {
      name: 'a brightness for a plug',
      of: type('NLP'),
      wish: () => ({ action: 'set_brightness', percent: 5 }),
    },
    {
      name: 'a schedule that there is not',
      of: device('plant'),
      wish: () => ({ action: 'select_schedule', scheduleId: '65bb000000000000000000ff' }),
    },
    {
      name: 'a fan speed that there is not',
      of: type('NLLF'),
      wish: () => ({ action: 'set_fan', speed: 9 }),
    },
    {
      name: 'a plant on its schedule until tomorrow',
      of: device('plant'),
      wish: (now) => ({ action: 'set_plant_mode', mode: 'schedule', until: toUtc(now + 24 * HOUR_MS) }),
    },
  ],
});
