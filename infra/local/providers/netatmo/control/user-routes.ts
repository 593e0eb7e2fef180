import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { signInControl, userControls } from '../../simulation/control/user-control.ts';
import { generateHome } from '../seed/generate-home.ts';
import { SEED_PASSWORD } from '../seed/people.ts';
import type { User } from '../state.ts';
import { homesOf, type World } from '../world.ts';
import type { Controls } from './controls.ts';

const NewUser = z.strictObject({
  email: z.email(),
  name: z.string().min(1),
  password: z.string().min(1).default(SEED_PASSWORD),
  /** So many homes of so many modules each. */
  homes: z.coerce.number().int().min(0).max(200).default(0),
  modules: z.coerce.number().int().min(1).max(500).default(10),
});

export function userRoutes({ world }: Controls): ControlRoute[] {
  const { state } = world;
  const find = (key: string | undefined) => findUser(world, key);
  const onUser = userControls(find);
  return [
    control('GET', '/users', {
      summary: 'who can sign in, with grants, homes and calls of the last hour',
      handle: () => state.users.map((user) => describeUser(world, user)),
    }),
    control('POST', '/users', {
      summary: 'another user, with generated homes: {email, name, password?, homes?: n, modules?: n each}',
      body: NewUser,
      handle: (wanted) => addUser(world, wanted),
    }),
    onUser('revoke', {
      summary: 'withdraws every consent: all tokens are dead',
      change: ({ userId }) => {
        const dead = state.grants.filter((grant) => grant.userId === userId).map(({ grantId }) => grantId);
        state.grants = state.grants.filter(({ grantId }) => !dead.includes(grantId));
        state.tokens = state.tokens.filter(({ grantId }) => !dead.includes(grantId));
      },
    }),
    onUser('expire-access', {
      summary: 'lets the access tokens expire now',
      change: ({ userId }) => {
        for (const pair of pairsOf(world, userId)) pair.accessExpiresEpochMs = world.clock.now();
      },
    }),
    onUser('revoke-access', {
      summary: 'makes the access tokens unknown (403 code 2); refresh tokens stay',
      change: ({ userId }) => {
        for (const pair of pairsOf(world, userId)) pair.accessHash = 'revoked';
      },
    }),
    signInControl(state, find),
    onUser('scopes', {
      summary: 'what the consents give from now on: {scopes: [...]}',
      body: z.strictObject({ scopes: z.array(z.string()) }),
      change: ({ userId }, sent) => {
        for (const grant of state.grants) if (grant.userId === userId) grant.scopes = sent.scopes;
      },
    }),
    onUser('quota', {
      summary: 'as if so many calls had just been made: {calls}; 0 gives the quota back',
      body: z.strictObject({ calls: z.coerce.number().int().min(0).max(5000) }),
      change: ({ userId }, { calls }) => {
        state.calls[userId] = Array.from({ length: calls }, () => world.clock.now());
      },
    }),
  ];
}

/** By id or by e-mail address. */
export function findUser({ state }: World, key: string | undefined): User {
  const user = state.users.find(({ userId, email }) => userId === key || email === key);
  if (!user) throw new RangeError(`there is no user ${key}`);
  return user;
}

function pairsOf({ state }: World, userId: string) {
  const mine = state.grants.filter((grant) => grant.userId === userId).map(({ grantId }) => grantId);
  return state.tokens.filter(({ grantId }) => mine.includes(grantId));
}

function addUser(world: World, { homes, modules, ...wanted }: z.output<typeof NewUser>) {
  const { state, clock } = world;
  if (state.users.some(({ email }) => email === wanted.email))
    throw new RangeError(`there is a user ${wanted.email} already`);
  const userId = randomBytes(12).toString('hex');
  const user: User = { userId, ...wanted, sharedStationIds: [], favouriteStationIds: [] };
  state.users.push(user);
  for (let number = 1; number <= homes; number += 1)
    state.homes.push(generateHome(userId, `Home ${number}`, modules, clock.now()));
  return describeUser(world, user);
}

function describeUser(world: World, { password: _password, ...user }: User) {
  const { state, clock } = world;
  const lately = (state.calls[user.userId] ?? []).filter((at) => at > clock.now() - 3_600_000);
  return {
    ...user,
    homeIds: homesOf(world, user.userId).map(({ homeId }) => homeId),
    grants: state.grants.filter(({ userId }) => userId === user.userId).map(({ scopes }) => scopes),
    callsOfLastHour: lately.length,
    signedIn: state.signedInUserId === user.userId,
  };
}
