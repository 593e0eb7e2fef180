/** A case, or several, for every row of Netatmo's table of errors of single modules. */
import { backOff } from '../error-case.ts';
import type { PartialCase } from './error-cases.ts';

const told = (code: number, place: 'body' | 'top' = 'body'): Pick<PartialCase, 'fault' | 'provider'> => ({
  fault: { name: 'ok_with_errors', parameters: { code, place } },
  provider: { status: 200, code: String(code) },
});

const unreachable = { code: 'module_unreachable', status: 504, actor: 'owner', retry: 'later' } as const;
const noWay = {
  ...unreachable,
  row: 'code 6 device_unreachable or 19 module_unreachable of a module',
} as const;
const rejected = { code: 'provider_rejected', status: 422, actor: 'client', retry: 'never' } as const;
const failing = {
  row: 'code 1 unknown_error or 2 internal_error of a module',
  code: 'provider_unavailable',
  status: 503,
  actor: 'provider',
  retry: 'later',
  repeat: backOff,
} as const;

export const partialCases: readonly PartialCase[] = [
  { ...noWay, ...told(6) },
  { ...noWay, ...told(19) },
  { ...noWay, ...told(6, 'top') },
  { ...unreachable, row: 'code 8 battery_level of a module', ...told(8) },
  {
    row: 'code 14 busy of a module',
    code: 'module_busy',
    status: 409,
    actor: 'provider',
    retry: 'later',
    repeat: { afterSeconds: 5, times: 3, pauses: 'same', effect: 'none' },
    ...told(14),
  },
  {
    ...unreachable,
    row: 'code 27 temporarily_banned of a module',
    actor: 'provider',
    retryAfterSeconds: 300,
    ...told(27),
  },
  {
    row: 'code 4 command for an unknown module',
    code: 'module_unknown',
    status: 404,
    actor: 'client',
    retry: 'never',
    ...told(4),
  },
  { ...rejected, row: 'code 5 command_invalid_params of a module', ...told(5) },
  { ...rejected, row: 'code 7 command_error of a module', actor: 'owner', ...told(7) },
  { ...rejected, row: 'code 3 parser_error of a module', actor: 'operator', ...told(3) },
  { ...failing, ...told(1) },
  { ...failing, ...told(2) },
  {
    row: 'any other error of a module',
    code: 'provider_unexpected',
    status: 502,
    actor: 'operator',
    retry: 'never',
    ...told(99),
  },
];
