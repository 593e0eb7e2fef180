import {
  listAccounts,
  rotateAccount,
  showAccount,
  syncAccountSoon,
  unlinkAccount,
} from '../shared/actions/manage-accounts.ts';
import { rollHook } from '../shared/actions/roll-hook.ts';
import { startReplay } from '../shared/actions/start-replay.ts';
import { readCursor, writeCursor } from '../shared/api/cursor.ts';
import { presentAccount } from '../shared/api/present.ts';
import { connectHome } from '../shared/runtime/dependencies.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

const present = ({ account, pointer, job, replay }: Awaited<ReturnType<typeof showAccount>>) =>
  presentAccount(account, pointer, job, replay);

export const handler = httpEntry('manage-accounts', connectHome, {
  listAccounts: async (deps, { query: { limit, after, ...filter } }) => {
    const { items, next } = await listAccounts(deps, filter, { limit, after: readCursor(after) });
    return { items: items.map(present), next: writeCursor(next) };
  },
  showAccount: async (deps, { params }) => present(await showAccount(deps, params.accountId)),
  rotateAccount: async (deps, { params }) => present(await rotateAccount(deps, params.accountId)),
  syncAccount: async (deps, { params }) => present(await syncAccountSoon(deps, params.accountId)),
  rollHook: async (deps, { params, query }) => present(await rollHook(deps, params.accountId, query.overlap)),
  replayDeliveries: async (deps, { params, body }) =>
    present(await startReplay(deps, params.accountId, body)),
  unlinkAccount: async (deps, { params, query }) => {
    await unlinkAccount(deps, params.accountId, query.force);
    return { status: 204 };
  },
});
