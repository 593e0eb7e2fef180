/** What a warm function keeps: made with the first call, and made again if that failed. */
export function keepConnection<D>(connect: () => Promise<D>): () => Promise<D> {
  let connection: Promise<D> | undefined;
  return () => {
    connection ??= connect().catch((error) => {
      connection = undefined;
      throw error;
    });
    return connection;
  };
}
