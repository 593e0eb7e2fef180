import {
  claimAccount,
  listAccounts,
  listRotations,
  moveAccount,
  rotateAccount,
  showAccountTo,
  syncAccountSoon,
  unlinkAccount,
} from '../shared/actions/manage-accounts.ts';
import { rollHook } from '../shared/actions/roll-hook.ts';
import { startReplay } from '../shared/actions/start-replay.ts';
import { readCursor, writeCursor } from '../shared/api/cursor.ts';
import { presentAccount, presentRotation } from '../shared/api/present.ts';
import { connectHome } from '../shared/runtime/dependencies.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

export const handler = httpEntry('manage-accounts', connectHome, {
  listAccounts: async (deps, { query: { limit, after, ...filter } }) => {
    const { items, next } = await listAccounts(deps, filter, { limit, after: readCursor(after) });
    return { items: items.map(presentAccount), next: writeCursor(next) };
  },
  showAccount: async (deps, { params, access }) =>
    presentAccount(await showAccountTo(access, deps, params.accountId)),
  listRotations: async (deps, { params }) => ({
    items: (await listRotations(deps, params.accountId)).map(presentRotation),
  }),
  rotateAccount: async (deps, { params }) => presentAccount(await rotateAccount(deps, params.accountId)),
  moveAccount: async (deps, { params }) => ({ outcome: await moveAccount(deps, params.accountId) }),
  claimAccount: async (deps, { params }) => presentAccount(await claimAccount(deps, params.accountId)),
  syncAccount: async (deps, { params }) => presentAccount(await syncAccountSoon(deps, params.accountId)),
  rollHook: async (deps, { params, query }) =>
    presentAccount(await rollHook(deps, params.accountId, query.overlap)),
  replayDeliveries: async (deps, { params, body }) =>
    presentAccount(await startReplay(deps, params.accountId, body)),
  unlinkAccount: async (deps, { params, query }) => {
    await unlinkAccount(deps, params.accountId, query.force);
    return { status: 204 };
  },
});
