import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { signInControl, userControls } from '../../simulation/control/user-control.ts';
import { flag } from '../../simulation/form-values.ts';
import { currentCode, newSecret } from '../login/authenticator.ts';
import { SEED_PASSWORD } from '../seed/people.ts';
import type { User } from '../state.ts';
import type { World } from '../world.ts';
import { existingUser } from './existing.ts';

const NewUser = z.strictObject({
  userName: z.string().min(1),
  name: z.string().optional(),
  password: z.string().min(1).default(SEED_PASSWORD),
  authenticator: flag.default(false),
});

export function userRoutes(world: World): ControlRoute[] {
  const { state, clock } = world;
  const find = (key: string | undefined) => existingUser(world, key);
  const onUser = userControls(find);
  return [
    control('GET', '/users', {
      summary: 'who can sign in, with their grounds',
      handle: () => state.users.map((user) => describeUser(world, user)),
    }),
    control('POST', '/users', {
      summary: 'another user: {userName, name?, password?, authenticator?: true or false}',
      body: NewUser,
      handle: (wanted) => addUser(world, wanted),
    }),
    control('GET', '/users/:userId/code', {
      summary: "the code that the user's authenticator app shows now: {code, validSeconds}",
      handle: (_, { parameters }) => {
        const { authenticatorSecret, userName } = existingUser(world, parameters.userId);
        if (authenticatorSecret === undefined) throw new RangeError(`${userName} has no authenticator`);
        return currentCode(authenticatorSecret, clock.now());
      },
    }),
    onUser('revoke', {
      summary: 'signs the user out everywhere: all access and refresh tokens are dead',
      change: ({ userId }) => {
        state.accessTokens = state.accessTokens.filter((token) => token.userId !== userId);
        state.refreshTokens = state.refreshTokens.filter((token) => token.userId !== userId);
      },
    }),
    onUser('expire-access', {
      summary: 'lets the access tokens expire now',
      change: ({ userId }) => {
        state.accessTokens = state.accessTokens.filter((token) => token.userId !== userId);
      },
    }),
    onUser('authenticator', {
      summary: 'gives the user an authenticator app, or takes it away: {enrolled?: true or false}',
      body: z.strictObject({ enrolled: flag.default(true) }),
      change: (user, { enrolled }) => {
        if (enrolled) user.authenticatorSecret ??= newSecret();
        else delete user.authenticatorSecret;
      },
    }),
    signInControl(state, find),
  ];
}

function addUser(
  world: World,
  { authenticator, userName, name = userName, password }: z.output<typeof NewUser>,
) {
  const { state } = world;
  if (state.users.some((user) => user.userName === userName))
    throw new RangeError(`there is a user ${userName} already`);
  const user: User = {
    userId: randomBytes(12).toString('hex'),
    userName,
    email: `${userName}@example.net`,
    name,
    password,
    ...(authenticator && { authenticatorSecret: newSecret() }),
  };
  state.users.push(user);
  return describeUser(world, user);
}

function describeUser({ state }: World, user: User) {
  const { password: _password, authenticatorSecret, ...shown } = user;
  const { userId } = user;
  return {
    ...shown,
    authenticator: authenticatorSecret !== undefined,
    groundIds: state.grounds.filter(({ ownerId }) => ownerId === userId).map(({ groundId }) => groundId),
    signedIn: state.signedInUserId === userId,
  };
}
