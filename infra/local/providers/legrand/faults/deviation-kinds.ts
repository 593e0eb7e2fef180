import * as z from 'zod';
import { type FaultKind, noParameters } from '../../simulation/faults/fault-kind.ts';
import { count, flag, seconds } from '../../simulation/form-values.ts';
import { apiOperations } from './operation.ts';

/** Answers and webhooks that are not quite what they should be. */
export const deviationKinds = {
  token_without: {
    summary: 'leaves fields out of the token answer, separated by commas',
    on: ['token'],
    parameters: z.strictObject({ fields: z.string().default('expires_in') }),
  },
  burst_limit: {
    summary: '429 when a user has made more than so many calls within so many seconds',
    on: apiOperations,
    parameters: z.strictObject({ calls: count.default(5), seconds: seconds.default(10) }),
  },
  token_numbers_as_text: {
    summary: 'times of the token answer as strings',
    on: ['token'],
    parameters: noParameters,
  },
  id_token_of_another: {
    summary: 'the id token is signed with a key that is not published, or made for another application',
    on: ['token'],
    parameters: z.strictObject({ wrong: z.enum(['key', 'audience']).default('key') }),
  },
  numbers_as_numbers: {
    summary: 'set point and measures as JSON numbers',
    on: ['status', 'measures'],
    parameters: noParameters,
  },
  activation_time_form: {
    summary: 'activationTime as wall time with Z (zulu) or with offset',
    on: ['status', 'webhook'],
    parameters: z.strictObject({ form: z.enum(['zulu', 'offset']).default('zulu') }),
  },
  empty_chronothermostats: {
    summary: '200 with an empty list, or without the key at all',
    on: ['status', 'programs'],
    parameters: z.strictObject({ missing: flag.default(false) }),
  },
  plant_without_modules: {
    summary: 'modules is empty, or missing',
    on: ['topology'],
    parameters: z.strictObject({ missing: flag.default(true) }),
  },
  slow_apply: {
    summary: '200 at once, the state follows after some seconds of the simulated clock',
    on: ['set_status'],
    parameters: z.strictObject({ seconds: seconds.default(5) }),
  },
  device_limits: {
    summary:
      'refuses with 430 what the device cannot show: below 7 °C, no 0.1 step, end not on a quarter or after 9 days',
    on: ['set_status'],
    parameters: noParameters,
  },
  foreign_subscriptions: {
    summary: 'the list also holds subscriptions of other applications',
    on: ['subscriptions'],
    parameters: z.strictObject({ count: count.default(2) }),
  },
  subscription_limit: {
    summary: '409 when the plant has this many subscriptions',
    on: ['subscribe'],
    parameters: z.strictObject({ maximum: z.coerce.number().int().min(0).default(1) }),
  },
  subscribe_without_json: { summary: '201 with an HTML body', on: ['subscribe'], parameters: noParameters },
  validation_event: {
    summary: 'a new subscription is greeted with an Event Grid validation event',
    on: ['subscribe'],
    parameters: noParameters,
  },
  bare_object: {
    summary: 'the inner object instead of the array',
    on: ['webhook'],
    parameters: noParameters,
  },
  single_envelope: { summary: 'one envelope instead of an array', on: ['webhook'], parameters: noParameters },
  duplicate_event: { summary: 'every event twice, same id', on: ['webhook'], parameters: noParameters },
  out_of_order: {
    summary: 'after the event one that is five minutes older, with another temperature',
    on: ['webhook'],
    parameters: noParameters,
  },
  unknown_plant: {
    summary: 'the event speaks of a plant nobody knows',
    on: ['webhook'],
    parameters: noParameters,
  },
  burst: {
    summary: 'as many events as when the touch bar is dragged; the latest by its time is the true one',
    on: ['webhook'],
    parameters: z.strictObject({ count: count.default(10) }),
  },
  several_in_one_array: { summary: 'two events in one array', on: ['webhook'], parameters: noParameters },
  webhook_lost: { summary: 'changes are never told', on: ['webhook'], parameters: noParameters },
} satisfies Record<string, FaultKind>;
