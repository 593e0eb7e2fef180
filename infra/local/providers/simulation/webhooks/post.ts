import { type Delivery, type DeliveryOutcome, deliver } from './deliver.ts';

export type PostOutcome = DeliveryOutcome;

export interface PostOptions extends Pick<Delivery, 'deadlineMs'> {
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one webhook as JSON; never throws. */
export function post(
  url: string,
  body: string,
  { deadlineMs, headers = {} }: PostOptions,
): Promise<PostOutcome> {
  return deliver({
    method: 'POST',
    url,
    body,
    deadlineMs,
    headers: { 'content-type': 'application/json', ...headers },
  });
}
