import type { User } from '../state.ts';
import type { World } from '../world.ts';

export const WRONG_PASSWORD = 'The user name or password is incorrect.';

/** Who it is, by user name or e-mail address, if the password is theirs. */
export function findSigner({ state }: World, name: string, password: string): User | undefined {
  const wanted = name.trim().toLowerCase();
  const user = state.users.find(
    ({ userName, email }) => userName.toLowerCase() === wanted || email.toLowerCase() === wanted,
  );
  return user?.password === password ? user : undefined;
}

/** Whether a code is asked of this user. */
export function needsCode({ state }: World, user: User): boolean {
  const { mfaRequired } = state.settings;
  if (mfaRequired === 'nobody') return false;
  return mfaRequired === 'everyone' || user.authenticatorSecret !== undefined;
}

/** Whether a code is asked of somebody who cannot have one. */
export function lacksAuthenticator(world: World, user: User): boolean {
  return needsCode(world, user) && user.authenticatorSecret === undefined;
}
