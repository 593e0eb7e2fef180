import type { Module } from '../../../shared/domain/module.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import {
  BLIND,
  HEATING,
  LAMP,
  NODE,
  PLUG,
  STATISTICS,
} from '../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { openAllthingstalk } from './allthingstalk/allthingstalk-bench.ts';
import { describeProvider } from './describe-provider.ts';
import type { NamedWish } from './provider-setup.ts';

const HOUR_MS = 3_600_000;

const id =
  (nativeId: string) =>
  (module: Pick<Module, 'nativeId'>): boolean =>
    module.nativeId === nativeId;

/** A rule tells one value (contract 6). */
const told = 'change';

const wishes: readonly NamedWish[] = [
  { name: 'a plug off', of: id(PLUG), told, wish: () => ({ action: 'set_switch', on: false }) },
  { name: 'a plug on', of: id(PLUG), told, wish: () => ({ action: 'set_switch', on: true }) },
  { name: 'a lamp at 40 %', of: id(LAMP), told, wish: () => ({ action: 'set_brightness', percent: 40 }) },
  { name: 'a lamp at 70 %', of: id(LAMP), told, wish: () => ({ action: 'set_brightness', percent: 70 }) },
  { name: 'a blind half down', of: id(BLIND), told, wish: () => ({ action: 'set_position', percent: 50 }) },
  { name: 'a blind up', of: id(BLIND), told, wish: () => ({ action: 'set_position', percent: 100 }) },
  { name: 'a setpoint', of: id(HEATING), told, wish: () => ({ action: 'set_setpoint', temperatureC: 19.5 }) },
  {
    name: 'another setpoint',
    of: id(HEATING),
    told,
    wish: () => ({ action: 'set_setpoint', temperatureC: 21 }),
  },
  {
    name: 'a mode in words of its own',
    of: id(HEATING),
    told,
    wish: () => ({ action: 'set_value', capability: 'value.mode', value: 'manual' }),
  },
  {
    name: 'another mode',
    of: id(HEATING),
    told,
    wish: () => ({ action: 'set_value', capability: 'value.mode', value: 'auto' }),
  },
  {
    name: 'a virtual value',
    of: id(STATISTICS),
    told,
    wish: () => ({ action: 'set_value', capability: 'value.note', value: 'checked' }),
  },
  {
    name: 'another virtual value',
    of: id(STATISTICS),
    told,
    wish: () => ({ action: 'set_value', capability: 'value.note', value: 'say "well" \\ done' }),
  },
];

describeProvider('AllThingsTalk', {
  open: openAllthingstalk,
  // Only a person makes rules (contract 6).
  breadth: 'by_hand',
  // There is no client secret (contract 2.1), and a token answer has no id of the person (contract 2.2).
  withoutSecret: true,
  personIsAsked: true,
  // Every state has a time of its own (contract 4.2), and when a device was active is told elsewhere (contract 3.1).
  reportsByTime: true,
  // A command is no state: a device says what is so when it has acted (contract 3).
  toldOnceActed: true,
  odd: {
    silent: ({ device }) => device === 'gateway',
    lost: () => false,
    independent: () => false,
    // Seeded a quarter of an hour ago.
    ageSeconds: 901,
  },
  wishes,
  impossible: [
    { name: 'a switch for a sensor', of: id(NODE), wish: () => ({ action: 'set_switch', on: true }) },
    {
      name: 'a text for a number',
      of: id(STATISTICS),
      wish: () => ({ action: 'set_value', capability: 'value.average-temperature', value: 'warm' }),
    },
    {
      name: 'a value that there is not',
      of: id(LAMP),
      wish: () => ({ action: 'set_value', capability: 'value.smell', value: 1 }),
    },
    { name: 'a mode', of: id(HEATING), wish: () => ({ action: 'set_mode', mode: 'off' }) },
    {
      name: 'a setpoint below its scale',
      of: id(HEATING),
      wish: () => ({ action: 'set_setpoint', temperatureC: 4 }),
    },
    {
      name: 'a setpoint that is to end',
      of: id(HEATING),
      wish: (now) => ({ action: 'set_setpoint', temperatureC: 20, until: toUtc(now + HOUR_MS) }),
    },
    {
      name: 'a brightness between its steps',
      of: id(LAMP),
      wish: () => ({ action: 'set_brightness', percent: 12.5 }),
    },
  ],
});
