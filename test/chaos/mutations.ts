/** Defects that can be built into the vault, to see that the matrix finds them. */
import { toUtc } from '../../shared/domain/time.ts';
import type { RotationDependencies } from '../../shared/vault/rotation.ts';

type Mutation = (deps: RotationDependencies) => Partial<RotationDependencies>;

export const mutations = {
  /** The answer is kept only when the pointer names it already. */
  'keep-after-commit': ({ pointers, tokenSets }) => {
    let keep = async () => {};
    return {
      tokenSets: {
        ...tokenSets,
        async keep(...version) {
          keep = async () => void (await tokenSets.keep(...version));
          return 'kept';
        },
      },
      pointers: {
        ...pointers,
        async commit(...commit) {
          const committed = await pointers.commit(...commit);
          await keep();
          return committed;
        },
      },
    };
  },
  /** Whoever takes over does not know that there was somebody before, and does not look what the secret holds. */
  'forget-intent': ({ pointers, tokenSets }) => ({
    tokenSets: { ...tokenSets, all: async () => [] },
    pointers: { ...pointers, acquire: ({ intent, ...pointer }, lease) => pointers.acquire(pointer, lease) },
  }),
  /** A lease is over as soon as it is taken. */
  'short-lease': ({ pointers }) => ({
    pointers: {
      ...pointers,
      acquire: (pointer, lease) =>
        pointers.acquire(pointer, { ...lease, until: toUtc(lease.now - 3_600_000) }),
    },
  }),
} satisfies Record<string, Mutation>;

export type MutationName = keyof typeof mutations;
export const mutationNames = Object.keys(mutations) as MutationName[];
