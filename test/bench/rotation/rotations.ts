/** Rotates many accounts that are due, as the schedule does run by run, and measures every process of it. */
import { deriveKey } from '../../../shared/vault/root-key.ts';
import { hashRefreshToken } from '../../../shared/vault/token-set.ts';
import { nowMs } from './moments.ts';
import { type Rig, ROOT_KEY, startRig } from './rig.ts';
import type { VaultMode } from './vault-modes.ts';

export interface RotationsWish {
  readonly vault: VaultMode;
  /** Rotated before anything is measured, until the code is compiled. */
  readonly warmUp: number;
  /** Rotated while it is measured. */
  readonly accounts: number;
  /** How long the token endpoint takes to answer, milliseconds. */
  readonly answersAfterMs: number;
}

export type RotationsMeasured = Awaited<ReturnType<typeof measureRotations>>;

export async function measureRotations(wish: RotationsWish, progress: (line: string) => void) {
  const { vault, warmUp, accounts } = wish;
  const rig = await startRig(wish);
  try {
    const rotator = await rig.startRotator();
    progress(`${vault}: rotating ${warmUp} accounts to warm up`);
    await linkAccounts(rig, warmUp);
    await rotateAll(rig, rotator, warmUp, progress);
    progress(`${vault}: rotating ${accounts} accounts to measure`);
    await linkAccounts(rig, accounts);
    return await rotateAll(rig, rotator, accounts, progress);
  } finally {
    await rig.close();
  }
}

/** In a process of its own: the one that rotates shall not know the token sets from linking. */
async function linkAccounts(rig: Rig, count: number): Promise<void> {
  const linker = await rig.startRotator();
  await linker.ask('link', await rig.tokens.ask('consent', count));
  await linker.close();
}

/** As the schedule does, run by run, until nothing is due any more. */
async function rotateAll(
  rig: Rig,
  rotator: Awaited<ReturnType<Rig['startRotator']>>,
  accounts: number,
  progress: (line: string) => void,
) {
  const startedAt = nowMs();
  const sum = { rotations: 0, elapsedMs: 0, rotatorCpuMs: 0 };
  await usageOf(rig);
  while (sum.rotations < accounts) {
    const run = await rotator.ask('run');
    if (run.rotated === 0 || run.rotated < run.due)
      throw new Error(`only ${run.rotated} of ${run.due} accounts that are due were rotated`);
    sum.rotations += run.rotated;
    sum.elapsedMs += run.elapsedMs;
    sum.rotatorCpuMs += run.cpuMs;
    progress(
      `rotated ${sum.rotations} of ${accounts}, ${Math.round(run.elapsedMs)} ms for the last ${run.rotated}`,
    );
  }
  const { table, secrets, tokens } = await usageOf(rig);
  return {
    rotations: sum.rotations,
    elapsedMs: sum.elapsedMs,
    cpuMs: { rotator: sum.rotatorCpuMs, table: table.cpuMs, secrets: secrets.cpuMs, tokens: tokens.cpuMs },
    mostInFlight: tokens.mostInFlight,
    calls: { ...table.calls, ...secrets.calls },
    delays: await delaysSince(startedAt, rig),
  };
}

/** What each host did since it was last asked. */
async function usageOf({ table, secrets, tokens }: Rig) {
  const [ofTable, ofSecrets, ofTokens] = await Promise.all([
    table.ask('usage'),
    secrets.ask('usage'),
    tokens.ask('usage'),
  ]);
  return { table: ofTable, secrets: ofSecrets, tokens: ofTokens };
}

/** Milliseconds from when an answer left the token endpoint until the secret, and the pointer, had become durable. */
async function delaysSince(from: number, { table, secrets, tokens }: Rig) {
  const answeredAt = await tokens.ask('answeredAt');
  const committedAt = await table.ask('storedAt');
  const keptAt = new Map<string, number>();
  for (const [text, at] of await secrets.ask('storedAt')) keptAt.set(JSON.parse(text).refreshToken, at);
  const hashKey = deriveKey(ROOT_KEY, 'refresh hash');
  const answers = [...answeredAt].filter(([, at]) => at >= from);
  const delays = (storedAt: (refreshToken: string) => number | undefined) =>
    answers.flatMap(([refreshToken, at]) => {
      const stored = storedAt(refreshToken);
      return stored === undefined ? [] : [stored - at];
    });
  return {
    kept: delays((refreshToken) => keptAt.get(refreshToken)),
    committed: delays((refreshToken) => committedAt.get(hashRefreshToken(hashKey, refreshToken))),
  };
}
