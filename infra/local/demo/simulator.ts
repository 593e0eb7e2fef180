/**
 * Asks a simulated cloud for something that is its own, under `/_sim/`.
 * @throws {Error} what it says, where it refuses
 */
export function askSimulator(url: string) {
  return async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}/_sim${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status} to ${path}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}
