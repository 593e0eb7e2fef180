/** Mistakes that a rotation could make, each as a change of what the real one is given: exploration has to find them. */
import { toUtc } from '../../../../shared/domain/time.ts';
import type { ExplorationWish } from './explore.ts';
import type { Change } from './vault-under-test.ts';

export interface Mistake {
  readonly change: Change;
  readonly wish: Pick<ExplorationWish, 'mode' | 'team' | 'crashes' | 'faults' | 'faultyCalls'>;
  /** Begins something that is found. */
  readonly found: string;
}

const LOST = 'the account is lost';
const twoRotate = { team: ['rotate', 'rotate'], faultyCalls: 'exchanges' } as const;

export const mistakes: Readonly<Record<string, Mistake>> = {
  'exchanges although it could not write its lease': {
    wish: { ...twoRotate, mode: 'reuse', crashes: 0, faults: 0 },
    found: LOST,
    change: ({ pointers }) => ({
      pointers: {
        ...pointers,
        acquire: async (pointer, { owner, now, until, plannedVersionId = '' }) => ({
          ...pointer,
          attempt: pointer.attempt + 1,
          leaseOwner: owner,
          leaseUntil: until,
          intent: {
            fromRefreshHash: pointer.refreshHash,
            plannedVersionId,
            earlierVersionIds: [],
            startedAt: toUtc(now),
          },
        }),
      },
    }),
  },

  'takes a lease that somebody holds': {
    wish: { ...twoRotate, mode: 'reuse', crashes: 0, faults: 0 },
    found: LOST,
    change: ({ pointers }) => ({
      pointers: {
        ...pointers,
        async get(accountId) {
          const { leaseUntil: _, ...pointer } = (await pointers.get(accountId)) ?? {};
          return 'accountId' in pointer ? pointer : undefined;
        },
        acquire: (pointer, lease) => pointers.acquire(pointer, { ...lease, clockAllowanceMs: -1e12 }),
      },
    }),
  },

  'commits before it keeps': {
    wish: { ...twoRotate, mode: 'strict', crashes: 1, faults: 0 },
    found: LOST,
    change: ({ pointers, tokenSets }) => {
      const waiting: (() => Promise<unknown>)[] = [];
      return {
        tokenSets: {
          ...tokenSets,
          keep: async (...version) => {
            waiting.push(() => tokenSets.keep(...version));
            return 'kept';
          },
        },
        pointers: {
          ...pointers,
          async commit(held, next, how) {
            const committed = await pointers.commit(held, next, how);
            for (const keep of waiting.splice(0)) await keep();
            return committed;
          },
        },
      };
    },
  },

  // The lineage in the secrets heals what either of the next two would do alone.
  'does not look for the answer of the dead': {
    wish: { ...twoRotate, mode: 'strict', crashes: 1, faults: 0 },
    found: LOST,
    change: ({ tokenSets }) => ({
      tokenSets: { ...tokenSets, read: async () => undefined, all: async () => [] },
    }),
  },

  'forgets the intent that it found when it gives up': {
    wish: { ...twoRotate, mode: 'strict', crashes: 1, faults: 1, faultyCalls: 'every call' },
    found: LOST,
    change: ({ pointers, tokenSets }) => ({
      tokenSets: { ...tokenSets, all: async () => [] },
      pointers: {
        ...pointers,
        release: ({ intent: _, ...held }, result) => pointers.release(held, result),
      },
    }),
  },

  'keeps nothing when Secrets Manager refuses': {
    wish: { ...twoRotate, mode: 'strict', crashes: 0, faults: 1, faultyCalls: 'every call' },
    found: LOST,
    change: ({ escrows }) => ({ escrows: { ...escrows, put: async () => undefined } }),
  },

  'commits whatever the pointer is by then': {
    wish: { mode: 'strict', team: ['rotate', 'unlink'], crashes: 0, faults: 0, faultyCalls: 'exchanges' },
    found: 'the pointer names a version that does not exist',
    change: ({ pointers }) => ({
      pointers: {
        ...pointers,
        async commit(held, next, how) {
          const current = await pointers.get(held.accountId);
          return await pointers.commit(current ?? held, next, how);
        },
      },
    }),
  },

  'deletes the secret before it ends the pointer': {
    wish: { mode: 'strict', team: ['rotate', 'unlink'], crashes: 0, faults: 0, faultyCalls: 'exchanges' },
    found: 'the pointer names a version that does not exist',
    change: ({ pointers, tokenSets }) => ({
      pointers: {
        ...pointers,
        async end(accountId, at) {
          await tokenSets.delete(accountId);
          await pointers.end(accountId, at);
        },
      },
    }),
  },
};
