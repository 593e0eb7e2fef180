import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { TimeZone } from '../../../../../shared/domain/time.ts';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { createThermostat } from '../house/new-thermostat.ts';
import { SEED_PASSWORD } from '../seed.ts';
import type { SimulatedPlant, User } from '../state.ts';
import type { World } from '../world.ts';
import type { Controls } from './controls.ts';

const NewUser = z.strictObject({
  email: z.email(),
  name: z.string().min(1),
  password: z.string().min(1).default(SEED_PASSWORD),
  plants: z
    .array(
      z.strictObject({
        name: z.string().optional(),
        timeZone: TimeZone.default('Europe/Paris'),
        /** Names of thermostats. */
        modules: z.array(z.string()).default(['Thermostat']),
      }),
    )
    .default([]),
});
type NewUser = z.output<typeof NewUser>;

export function userRoutes({ world }: Controls): ControlRoute[] {
  const { state } = world;
  return [
    control('GET', '/users', {
      summary: 'who can sign in, with grants and calls of today',
      handle: () => state.users.map((user) => describeUser(world, user)),
    }),
    control('POST', '/users', {
      summary: 'another user: {email, name, password?, plants?: [{name?, timeZone?, modules?: [name]}]}',
      body: NewUser,
      handle: (wanted) => describeUser(world, addUser(world, wanted)),
    }),
    control('POST', '/users/:userId/revoke', {
      summary: 'withdraws every consent of a user: access and refresh tokens are dead',
      handle: (_, { parameters }) => {
        const { userId } = findUser(world, parameters.userId);
        for (const grant of state.grants) if (grant.userId === userId) grant.revoked = true;
      },
    }),
    control('POST', '/users/:userId/quota', {
      summary: "sets the calls counted today: {calls}; 0 gives the day's quota back",
      body: z.strictObject({ calls: z.coerce.number().int().min(0) }),
      handle: ({ calls }, { parameters }) => {
        const { userId } = findUser(world, parameters.userId);
        const day = new Date(world.clock.now()).toISOString().slice(0, 10);
        state.quotas = [
          ...state.quotas.filter((quota) => quota.userId !== userId),
          { userId, day, calls, lately: [] },
        ];
      },
    }),
  ];
}

/** By id or by e-mail address. */
function findUser({ state }: World, key: string | undefined): User {
  const user = state.users.find(({ userId, email }) => userId === key || email === key);
  if (!user) throw new RangeError(`there is no user ${key}`);
  return user;
}

function addUser({ state, clock }: World, { plants, ...wanted }: NewUser): User {
  if (state.users.some(({ email }) => email === wanted.email))
    throw new RangeError(`there is a user ${wanted.email} already`);
  const user = { userId: randomUUID(), ...wanted };
  state.users.push(user);
  for (const { modules, ...plant } of plants) {
    const added: SimulatedPlant = {
      ...plant,
      plantId: randomUUID(),
      userId: user.userId,
      type: 'House',
      modules: modules.map((name) =>
        createThermostat(
          { moduleId: randomUUID(), name, timeZone: plant.timeZone, temperatureC: 19.4 },
          clock.now(),
        ),
      ),
    };
    state.plants.push(added);
  }
  return user;
}

function describeUser({ state }: World, { password: _password, ...user }: User) {
  const mine = (thing: { userId: string }) => thing.userId === user.userId;
  return {
    ...user,
    plantIds: state.plants.filter(mine).map(({ plantId }) => plantId),
    grants: state.grants.filter((grant) => mine(grant) && !grant.revoked).length,
    callsToday: state.quotas.find(mine)?.calls ?? 0,
  };
}
