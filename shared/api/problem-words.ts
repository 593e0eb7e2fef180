/** The words in which pages and documents tell what problems carry as codes. */
import type { Actor } from '../domain/actor.ts';
import type { ErrorPolicy } from '../domain/error-policy.ts';
import type { ProviderAnswerView } from './problem-reference.ts';

export const actorWords: Readonly<Record<Actor, string>> = {
  owner: 'The owner of the account',
  operator: 'The operator of Latchkey',
  client: 'Whoever sent the request',
  provider: 'The provider',
  latchkey: 'Nobody: Latchkey goes on by itself',
};

export const retryWords: Readonly<Record<ErrorPolicy['retry'], string>> = {
  never: 'Not until somebody has acted',
  later: 'Yes, later',
};

export const endpointWords: Readonly<Record<ProviderAnswerView['endpoint'], string>> = {
  api: 'Its API',
  token: 'Its token endpoint',
  login: 'Its login and its API, while an account is linked',
  partial: 'Its API, of a single module within a 200',
};
