/** Wishes for a plant as a whole, and for the people in it (contract 3.7, 3.9). Pure: no I/O, no clock. */
import { moduleIdFor } from '../../domain/ids.ts';
import type { Module } from '../../domain/module.ts';
import { refuseField, refuseUnsupported } from '../refuse-wish.ts';
import type { Call } from './call.ts';
import { readNative } from './native.ts';
import type { Translate, WishOf } from './wished-calls.ts';
import { endOf } from './wished-end.ts';

const plantModes = { schedule: 'schedule', away: 'away', frost_guard: 'hg' } as const;

export const setPlantMode: Translate<'set_plant_mode'> = ({ mode, until }, { plant }, now) => {
  if (until !== undefined && mode === 'schedule') refuseField('until', 'has no meaning with mode schedule');
  const endtime = until === undefined ? undefined : endOf(until, now).epochSeconds;
  return {
    calls: [{ method: 'setthermmode', form: { home_id: plant.nativeId, mode: plantModes[mode], endtime } }],
    // No answer on record tells its end.
    expects: { plant_mode: mode },
  };
};

export const selectSchedule: Translate<'select_schedule'> = ({ scheduleId }, { plant, module }) => {
  const known = module.programs.map(({ programId }) => programId);
  if (!known.includes(scheduleId))
    refuseField('scheduleId', `is no schedule of this plant; it has ${known.join(', ') || 'none'}`);
  return {
    calls: [{ method: 'switchhomeschedule', form: { home_id: plant.nativeId, schedule_id: scheduleId } }],
    expects: { program: scheduleId },
  };
};

/** On a person's own module it moves that person; on the plant's, those named, or everybody. */
export const setPresence: Translate<'set_presence'> = (wish, { plant, module }) => {
  const isPerson = module.device === 'person';
  const personIds = isPerson ? onePerson(module, wish) : personsOf(module, wish);
  return {
    calls: wish.present
      ? [comesHome(plant.nativeId, personIds ?? everybody(module))]
      : leaves(plant.nativeId, personIds),
    // Who is there shows on the modules of the people themselves.
    expects: isPerson ? { present: wish.present } : {},
  };
};

function onePerson({ nativeId }: Module, { persons }: WishOf<'set_presence'>): readonly string[] {
  if (persons !== undefined)
    refuseField('persons', "has no meaning for one person; it is the plant's action that takes it");
  return [nativeId];
}

/** The native ids of those named; `undefined` where nobody is. */
function personsOf(
  { accountId, native }: Pick<Module, 'accountId' | 'native'>,
  { persons }: WishOf<'set_presence'>,
): readonly string[] | undefined {
  const byModule = new Map(
    readNative({ native }).persons.map((personId) => [moduleIdFor(accountId, personId), personId]),
  );
  return persons?.map(
    (moduleId) => byModule.get(moduleId) ?? refuseField('persons', `${moduleId} is no person of this plant`),
  );
}

function everybody(module: Module): readonly string[] {
  const { persons } = readNative(module);
  if (persons.length > 0) return persons;
  return refuseUnsupported('The cameras of this plant know nobody', 'Name faces in the Netatmo Security app');
}

function comesHome(homeId: string, personIds: readonly string[]): Call {
  const form = new URLSearchParams({ home_id: homeId });
  for (const personId of personIds) form.append('person_ids[]', personId);
  return { method: 'setpersonshome', form };
}

/** One call a person; without one, everybody has left. */
function leaves(homeId: string, personIds: readonly string[] | undefined): Call[] {
  const leave = (personId?: string): Call => ({
    method: 'setpersonsaway',
    form: { home_id: homeId, person_id: personId },
  });
  return personIds === undefined ? [leave()] : personIds.map((personId) => leave(personId));
}
