import { type Answer, json } from '../../simulation/answer.ts';
import type { Call } from '../../simulation/router.ts';
import { offsetText } from '../../simulation/wall-clock.ts';
import type { Operation } from '../faults/operation.ts';
import type { House } from '../house.ts';
import type { World } from '../world.ts';
import { answeredStatus, measures, sender, usualForm, type WireForm } from './chronothermostat.ts';
import type { ApiRoute } from './gateway.ts';
import { ownedThermostat } from './ownership.ts';
import { setStatus } from './set-status.ts';

const MODULE_PATH =
  '/chronothermostat/thermoregulation/addressLocation/plants/:plantId/modules/parameter/id/value/:moduleId';

type OwnedThermostat = Exclude<ReturnType<typeof ownedThermostat>, { refused: Answer }>;

/** Status, set status, measures and programme list (contract 3.4 to 3.7). */
export function thermostatRoutes(world: World, house: House): ApiRoute[] {
  const reading = (
    path: string,
    operation: Operation,
    answer: (owned: OwnedThermostat) => unknown,
  ): ApiRoute => ({
    method: 'GET',
    path: `${MODULE_PATH}${path}`,
    operation,
    scope: 'comfort.read',
    handle: (call, userId) => {
      const owned = ownedThermostat(world, call, userId);
      if ('refused' in owned) return owned.refused;
      house.compute();
      return json(200, answer(owned));
    },
  });
  return [
    reading('', 'status', (owned) => readStatus(world, owned)),
    reading('/measures', 'measures', (owned) => readMeasures(world, owned)),
    reading('/programlist', 'programs', (owned) => readPrograms(world, owned)),
    {
      method: 'POST',
      path: MODULE_PATH,
      operation: 'set_status',
      scope: 'comfort.write',
      handle: (call: Call, userId) => {
        const owned = ownedThermostat(world, call, userId);
        return 'refused' in owned ? owned.refused : setStatus(world, house, owned, call.body);
      },
    },
  ];
}

function readStatus(world: World, { plant, thermostat }: OwnedThermostat): unknown {
  const without = world.faults.take('empty_chronothermostats', 'status');
  if (without) return without.missing ? {} : { chronothermostats: [] };
  const form: WireForm = {
    activation: world.faults.take('activation_time_form', 'status')?.form ?? usualForm.activation,
    numbers: world.faults.take('numbers_as_numbers', 'status') !== undefined,
  };
  return { chronothermostats: [answeredStatus({ plant, thermostat, epochMs: world.clock.now() }, form)] };
}

/** Not wrapped in `chronothermostats`, unlike the others. */
function readMeasures({ faults, clock }: World, { plant, thermostat }: OwnedThermostat): unknown {
  const numbers = faults.take('numbers_as_numbers', 'measures') !== undefined;
  return {
    ...measures(thermostat, offsetText(clock.now(), plant.timeZone), { ...usualForm, numbers }),
    sender: sender(plant.plantId, thermostat.moduleId, 'addressLocation'),
  };
}

function readPrograms({ faults }: World, { plant, thermostat }: OwnedThermostat): unknown {
  const without = faults.take('empty_chronothermostats', 'programs');
  if (without) return without.missing ? {} : { chronothermostats: [] };
  const programs = thermostat.programs.map(({ number, name }) => ({ number, name }));
  return {
    chronothermostats: [{ programs, sender: sender(plant.plantId, thermostat.moduleId, 'addressLocation') }],
  };
}
