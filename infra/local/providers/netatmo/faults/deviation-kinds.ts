import * as z from 'zod';
import { type FaultKind, noParameters } from '../../simulation/faults/fault-kind.ts';
import { flag, seconds } from '../../simulation/form-values.ts';

/** Answers that are not quite what they should be. */
export const deviationKinds = {
  scope_as_text: {
    summary: 'scope as one text instead of an array',
    on: ['token'],
    parameters: noParameters,
  },
  token_without: {
    summary: 'leaves fields out of the token answer, separated by commas: scope, expires_in, expire_in …',
    on: ['token'],
    parameters: z.strictObject({ fields: z.string().default('scope') }),
  },
  token_numbers_as_text: { summary: 'lifetimes as strings', on: ['token'], parameters: noParameters },
  without_times: {
    summary: 'neither time_server nor time_exec in the envelope',
    on: ['getstationsdata', 'gethomecoachsdata', 'homesdata', 'homestatus', 'getmeasure', 'getevents'],
    parameters: noParameters,
  },
  modules_missing: {
    summary: 'no modules key, or an empty list',
    on: ['getstationsdata', 'homesdata', 'homestatus'],
    parameters: z.strictObject({ empty: flag.default(false) }),
  },
  names_missing: {
    summary: 'nothing has a name',
    on: ['getstationsdata', 'gethomecoachsdata', 'homesdata'],
    parameters: noParameters,
  },
  ids_with_blanks: {
    summary: 'blanks before and behind the id of a station',
    on: ['getstationsdata'],
    parameters: noParameters,
  },
  zone_rooms_by_room_id: {
    summary: 'rooms of schedule zones are named room_id instead of id',
    on: ['homesdata'],
    parameters: noParameters,
  },
  no_homes: { summary: 'an empty list of homes', on: ['homesdata'], parameters: noParameters },
  home_missing: {
    summary: 'only status and time_server, as for a home without devices that have a status',
    on: ['homestatus'],
    parameters: noParameters,
  },
  old_measures: {
    summary: 'measures of some hours ago, as when the back end lags',
    on: ['getstationsdata', 'gethomecoachsdata'],
    parameters: z.strictObject({ hours: z.coerce.number().min(0).default(3) }),
  },
  step_key_with_underscore: {
    summary: 'target_position_step instead of target_position:step',
    on: ['homestatus'],
    parameters: noParameters,
  },
  slow_apply: {
    summary: 'ok at once, the state follows after some seconds of the simulated clock',
    on: ['setstate'],
    parameters: z.strictObject({ seconds: seconds.default(5) }),
  },
  command_lost: {
    summary: 'ok, and nothing ever happens',
    on: ['setstate', 'setroomthermpoint', 'setthermmode', 'switchhomeschedule'],
    parameters: noParameters,
  },
  command_refused: {
    summary: 'every module of the command is refused in body.errors',
    on: ['setstate'],
    parameters: z.strictObject({ code: z.coerce.number().int().default(19) }),
  },
  schedule_id_in_body: {
    summary: 'schedule_id inside body instead of at the top',
    on: ['createnewhomeschedule'],
    parameters: noParameters,
  },
} satisfies Record<string, FaultKind>;
