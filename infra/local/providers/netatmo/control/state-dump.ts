import type { CloudState } from '../state.ts';

/** The state without a secret: no password, no client secret; codes and tokens not even by their hashes. */
export function dumpState(state: CloudState) {
  const { application, users, tokens, codes, waiting, ...rest } = state;
  return {
    ...rest,
    application: { clientId: application.clientId, redirectUris: application.redirectUris },
    users: users.map(({ password: _password, ...user }) => user),
    tokens: tokens.map(({ grantId, accessExpiresEpochMs }) => ({ grantId, accessExpiresEpochMs })),
    codes: codes.length,
    waiting: waiting.map(({ body: _body, signature: _signature, ...push }) => push),
  };
}
