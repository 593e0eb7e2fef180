/** Calls a control route of a simulated cloud. */
export function sim(
  cloud: { readonly url: string },
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  return fetch(`${cloud.url}/_sim${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
}

/** Sends a form of the index page, and follows nowhere. */
export function submitControl(
  cloud: { readonly url: string },
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<Response> {
  return fetch(`${cloud.url}/_sim${path}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
  });
}

interface KnownFault {
  readonly name: string;
  readonly on: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Every fault that a cloud says it has. */
export async function knownFaults(cloud: { readonly url: string }): Promise<KnownFault[]> {
  const { known } = (await (await sim(cloud, 'GET', '/faults')).json()) as { known: KnownFault[] };
  return known;
}
