import type { CloudState } from '../state.ts';

/** The state without a secret: no key, no password; codes and tokens only by their ids. */
export function dumpState(state: CloudState) {
  const { keys: _keys, application, users, undelivered, ...rest } = state;
  return {
    ...rest,
    application: { clientId: application.clientId, replyUrls: application.replyUrls },
    users: users.map(({ password: _password, ...user }) => user),
    undelivered: undelivered.map(({ body: _body, ...notification }) => notification),
  };
}
