/** The ways in which token sets are kept, what they are chosen by, and what a rotation may cost with each. */

interface VaultModeFacts {
  /** What chooses it, in the environment of the function. */
  readonly environment: Readonly<Record<string, string>>;
  /** Calls per rotation, at most. */
  readonly goals: {
    readonly secretReads: number;
    readonly secretWrites: number;
    readonly tableReads: number;
    readonly tableWrites: number;
  };
}

export const vaultModes = {
  secrets: {
    environment: { VAULT: 'secrets' },
    goals: { secretReads: 1, secretWrites: 1, tableReads: 1, tableWrites: 2 },
  },
  sealed: {
    environment: { VAULT: 'sealed' },
    goals: { secretReads: 0, secretWrites: 0, tableReads: 1, tableWrites: 2 },
  },
} as const satisfies Record<string, VaultModeFacts>;

export type VaultMode = keyof typeof vaultModes;
