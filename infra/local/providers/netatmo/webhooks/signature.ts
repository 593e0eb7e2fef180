import { createHmac } from 'node:crypto';

/** JSON as the cloud writes it: slashes are escaped, and the signature is over these very bytes. */
export function bodyText(push: unknown): string {
  return JSON.stringify(push).replaceAll('/', '\\/');
}

/** `X-Netatmo-secret`: lower-case hex HMAC-SHA256 of the raw body with the client secret (contract 4.2). */
export function sign(body: string, clientSecret: string): string {
  return createHmac('sha256', clientSecret).update(body).digest('hex');
}
