import * as z from 'zod';
import { type FaultKind, noParameters } from '../../simulation/faults/fault-kind.ts';
import { seconds } from '../../simulation/form-values.ts';

/** Answers that are not quite what they should be. */
export const deviationKinds = {
  token_without: {
    summary:
      'leaves fields out of the token answer, separated by commas: expires_in, refresh_token, .expires …',
    on: ['login'],
    parameters: z.strictObject({ fields: z.string().default('expires_in') }),
  },
  token_numbers_as_text: { summary: 'expires_in as a string', on: ['login'], parameters: noParameters },
  token_with_broker: {
    summary: 'with rmq:clientId and rmq:clientKey, as years ago',
    on: ['login'],
    parameters: noParameters,
  },
  stale_states: {
    summary: '200, but with the values of some time ago, as for days in 2020',
    on: ['state', 'device_state', 'history'],
    parameters: z.strictObject({ seconds: seconds.default(86_400) }),
  },
  values_as_text: {
    summary: 'numbers as strings',
    on: ['state', 'device_state', 'history'],
    parameters: noParameters,
  },
  null_answer: {
    summary: 'the whole answer is null',
    on: ['history', 'activity', 'state', 'device_state'],
    parameters: noParameters,
  },
  without_data: {
    summary: 'the answer has no data member',
    on: ['history', 'activity'],
    parameters: noParameters,
  },
  page_ignored: {
    summary: 'every page is the first one',
    on: ['history', 'ground_devices'],
    parameters: noParameters,
  },
  write_lost: {
    summary: 'answered as always, and nothing is stored',
    on: ['write_state', 'write_device_state'],
    parameters: noParameters,
  },
  command_lost: {
    summary: 'answered as always, and no device hears of it',
    on: ['command'],
    parameters: noParameters,
  },
} satisfies Record<string, FaultKind>;
