import { type CloudState, usualSettings } from '../state.ts';
import { createHomes } from './homes.ts';
import { people } from './people.ts';

export function createState(epochMs: number): CloudState {
  return {
    format: 1,
    clockOffsetMs: 0,
    application: {
      clientId: '5f0a1b2c3d4e5f6071829304',
      // Invented, with a plus sign and a percent sign, which a careless form body spoils.
      clientSecret: 'sim+Netatmo%2FSecret&9aX',
      redirectUris: [],
    },
    settings: { ...usualSettings },
    users: structuredClone([...people]),
    homes: createHomes(epochMs),
    grants: [],
    codes: [],
    tokens: [],
    calls: {},
    hooks: [],
    waiting: [],
    delayedWrites: [],
    faults: [],
  };
}
