/**
 * Every error that Netatmo reports of a single module within a success, and what each means to us: the first row that
 * matches counts. Their numbers are those of the table of the API, and mean other things (contract 2.4). Pure.
 */
import { backOff, code, type ErrorRow, type Meaning } from '../error-row.ts';

/** Code 23: what was asked for was so already. It is no error, whatever the place it is told in. */
export const isAlreadySo = code('23');

export const partialRows: readonly ErrorRow[] = [
  {
    when: code('6', '19'),
    answer: 'code 6 device_unreachable or 19 module_unreachable of a module',
    code: 'module_unreachable',
    message: 'Netatmo does not reach the module or its gateway',
    remedy: "Check the module's power and battery, and the network of its gateway",
    actor: 'owner',
  },
  {
    when: code('8'),
    answer: 'code 8 battery_level of a module',
    code: 'module_unreachable',
    message: 'The battery of the module is too low',
    remedy: 'Change the batteries of the module',
    actor: 'owner',
  },
  {
    when: code('14'),
    answer: 'code 14 busy of a module',
    code: 'module_busy',
    message: 'The module is busy with something else',
    remedy: 'Wait until it has finished and send the command again',
    actor: 'provider',
    repeat: { afterSeconds: 5, times: 3, pauses: 'same', effect: 'none' },
  },
  {
    // Netatmo does not tell how long it lasts.
    when: code('27'),
    answer: 'code 27 temporarily_banned of a module',
    code: 'module_unreachable',
    message: 'Netatmo keeps the module off its servers for a while',
    remedy: 'Nothing has to be done: Netatmo lets it in again by itself',
    actor: 'provider',
    retryAfterSeconds: () => 300,
  },
  {
    when: code('4'),
    answer: 'code 4 command for an unknown module',
    code: 'module_unknown',
    message: 'Netatmo does not know this module',
    remedy: 'It was removed or set up anew in the Netatmo app: sync the account',
    actor: 'client',
  },
  {
    when: code('5'),
    answer: 'code 5 command_invalid_params of a module',
    code: 'provider_rejected',
    message: 'The module does not take a value of the command',
    remedy: 'Send a value that the module takes; see its present readings',
    actor: 'client',
  },
  {
    when: code('7'),
    answer: 'code 7 command_error of a module',
    code: 'provider_rejected',
    message: 'The module did not carry out the command',
    remedy: 'Look at what the module shows in the Netatmo app, then send the command again',
    actor: 'owner',
  },
  {
    when: code('3'),
    answer: 'code 3 parser_error of a module',
    code: 'provider_rejected',
    message: 'Netatmo cannot read what was sent for the module',
    remedy: "Report it: it is a fault of Latchkey's",
    actor: 'operator',
  },
  {
    when: code('1', '2'),
    answer: 'code 1 unknown_error or 2 internal_error of a module',
    code: 'provider_unavailable',
    message: 'Netatmo has a failure of its own with the module',
    remedy: 'Repeat the request later',
    actor: 'provider',
    repeat: backOff,
  },
];

/** For what no row knows. */
export const undocumentedPartial: Meaning = {
  answer: 'any other error of a module',
  code: 'provider_unexpected',
  message: 'Netatmo reports an error of the module that it does not document',
  remedy: 'Report it with the code and the words of the answer',
  actor: 'operator',
};
