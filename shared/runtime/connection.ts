/**
 * How long a warm function goes on with what it connected with, milliseconds: the app secret is part of it, and what an
 * operator has changed there (a client secret that had expired, a new sealing key) is to count soon, without a deploy.
 */
export const CONNECTION_LIFE_MS = 5 * 60_000;

/**
 * What a warm function keeps: made with the first call, and made again if that failed, or once it is older than
 * `lifeMs`. What is only old is gone on with while it cannot be made anew.
 * @param now – epoch ms; for tests
 */
export function keepConnection<D>(
  connect: () => Promise<D>,
  lifeMs = Number.POSITIVE_INFINITY,
  now: () => number = Date.now,
): () => Promise<D> {
  let kept: { readonly connection: Promise<D>; readonly madeAtMs: number } | undefined;
  return () => {
    if (kept && now() - kept.madeAtMs < lifeMs) return kept.connection;
    const former = kept?.connection;
    const connection = connect().catch((error) => {
      if (former) return former;
      if (kept?.connection === connection) kept = undefined;
      throw error;
    });
    kept = { connection, madeAtMs: now() };
    return connection;
  };
}
