/** What is supported of every cloud's devices, as documents in Markdown. Pure. */
import { type Device, devices, System, systemOf } from '../domain/device.ts';
import type { SupportedDevice } from '../domain/device-support.ts';

export interface ProviderDevices {
  /** As people know it. */
  readonly provider: string;
  readonly devices: readonly SupportedDevice[];
}

interface Row extends SupportedDevice {
  readonly provider: string;
}

/** A table a system: each kind of device, whose hardware it can be, what that reports and what it can be told. */
export function deviceDocument(providers: readonly ProviderDevices[]): string {
  const rows = rowsOf(providers);
  const sections = [...System.options, null].flatMap((system) => [
    '',
    `## ${titleOf(system)}`,
    '',
    '| device | hardware | reports | can be told |',
    '| --- | --- | --- | --- |',
    ...kindsOf(system).flatMap((device) =>
      rows.filter((row) => row.device === device).map((row) => line(rowCells(row))),
    ),
  ]);
  return `${[...INTRODUCTION, ...sections].join('\n')}\n`;
}

/** A line a system: its kinds of devices, and what can be told any of them. */
export function deviceSummary(providers: readonly ProviderDevices[]): string {
  const rows = rowsOf(providers);
  const lines = System.options.map((system) => {
    const supported = rows.filter(({ device }) => systemOf(device) === system);
    const kinds = kindsOf(system).filter((kind) => supported.some(({ device }) => device === kind));
    const actions = new Set(supported.flatMap((row) => row.actions));
    return line([system, codes(kinds), codes([...actions])]);
  });
  return ['| system | devices | can be told |', '| --- | --- | --- |', ...lines].join('\n');
}

const INTRODUCTION = [
  '# Devices',
  '',
  '<!-- Made by `npm run docs` from the rows that the drivers themselves read; do not edit. -->',
  '',
  'What Latchkey makes of the hardware of each provider. `NLIS#` is a channel of an `NLIS`, `NLC/radiator` an `NLC` that',
  'feeds a radiator. A module of a type that is not listed becomes a device `unknown`: it is kept, and what it reports in',
  'words that are known is read. What heats or cools a room at Netatmo reports the climate of that room. `energy` and',
  '`demand_time` are in the history alone; `smoke`, `carbon_monoxide` and `tampered` are told by webhooks alone.',
  '',
  'A device at AllThingsTalk is whatever its maker gave it. What has a name, a type and a unit that leave no doubt is one of',
  'our capabilities, and the line that it fits first says what the device is; everything else is `value.<name>`, typed by a',
  'profile that `GET /v1/modules/{moduleId}` shows, and can be told by `set_value` where the profile is `writable`. In `<name>`',
  'each byte of UTF-8 but letters, digits, `_`, `-` and `.` is `~` and two hexadecimal digits; the profile has the name as it is.',
];

function titleOf(system: System | null): string {
  return system === null ? 'Of no system' : `${system.charAt(0).toUpperCase()}${system.slice(1)}`;
}

function kindsOf(system: System | null): Device[] {
  return (Object.keys(devices) as Device[]).filter((device) => systemOf(device) === system);
}

function rowsOf(providers: readonly ProviderDevices[]): Row[] {
  return providers.flatMap(({ provider, devices: rows }) => rows.map((row) => ({ ...row, provider })));
}

function rowCells({ device, provider, title, types, capabilities, actions }: Row): string[] {
  return [code(device), `${provider}: ${title} (${types.join(', ')})`, codes(capabilities), codes(actions)];
}

function codes(words: readonly string[]): string {
  return words.length === 0 ? '–' : words.map(code).join(', ');
}

function code(word: string): string {
  return `\`${word}\``;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
