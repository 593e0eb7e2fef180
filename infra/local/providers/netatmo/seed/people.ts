/** The people of a new simulator. Every id and address here is invented. */
import type { User } from '../state.ts';

/** One password for all: this is a stage, and the consent page says it. */
export const SEED_PASSWORD = 'netatmo';

/** Whom to sign in as. */
export const claire = { login: 'claire@example.net', password: SEED_PASSWORD };

export const CLAIRE_ID = '65f0aa11bb22cc33dd44ee55';
export const BRUNO_ID = '65f0aa11bb22cc33dd44ee66';
export const DORA_ID = '65f0aa11bb22cc33dd44ee77';
const SAM_ID = '65f0aa11bb22cc33dd44ee88';

/** Bruno's station, to which Claire was invited, and one at the harbour that she only looks at. */
export const BRUNO_STATION = '70:ee:50:bb:00:01';
export const HARBOUR_STATION = '70:ee:50:cc:00:01';
export const HARBOUR_OWNER_ID = SAM_ID;

/** Claire has one of everything, Bruno a flat, Dora nothing, Sam a station by the sea. */
export const people: readonly User[] = [
  person(CLAIRE_ID, claire.login, 'Claire Dubois', {
    sharedStationIds: [BRUNO_STATION],
    favouriteStationIds: [HARBOUR_STATION],
  }),
  person(BRUNO_ID, 'bruno@example.net', 'Bruno Keller'),
  person(DORA_ID, 'dora@example.net', 'Dora Lind'),
  person(SAM_ID, 'sam@example.net', 'Sam Harbour'),
];

function person(
  userId: string,
  email: string,
  name: string,
  stations: Pick<User, 'sharedStationIds' | 'favouriteStationIds'> = {
    sharedStationIds: [],
    favouriteStationIds: [],
  },
): User {
  return { userId, email, name, password: SEED_PASSWORD, ...stations };
}
