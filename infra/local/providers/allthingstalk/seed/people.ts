/** The people of a new simulator. Every id, name and secret here is invented. */
import type { User } from '../state.ts';

export const CASEY_ID = '5f00aa11bb22cc33dd44ee55';
export const ROBIN_ID = '5f00aa11bb22cc33dd44ee66';
export const KIM_ID = '5f00aa11bb22cc33dd44ee77';
export const SEED_PASSWORD = 'allthingstalk';

/** Whom to sign in as, without an authenticator. */
export const robin = { login: 'robin', password: SEED_PASSWORD };

/** Casey has an authenticator and most of the devices, Robin a cabin, Kim nothing yet. */
export const people: readonly User[] = [
  {
    userId: CASEY_ID,
    userName: 'casey',
    email: 'casey@example.net',
    name: 'Casey Verlinden',
    // Signs that spoil a form body which is not encoded.
    password: 'stage+right&50%',
    authenticatorSecret: 'JBSWY3DPEHPK3PXPS2MULATEDCASEYAA',
  },
  person(ROBIN_ID, robin.login, 'Robin Okafor'),
  person(KIM_ID, 'kim', 'Kim Lindqvist'),
];

function person(userId: string, userName: string, name: string): User {
  return { userId, userName, email: `${userName}@example.net`, name, password: SEED_PASSWORD };
}
