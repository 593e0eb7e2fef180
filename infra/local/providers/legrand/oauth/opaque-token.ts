import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 12 bytes that name the record of a code or refresh token. */
export function newTokenId(): string {
  return randomBytes(12).toString('base64url');
}

/** About 1 kB of text, as Azure AD B2C's are. */
const CIPHERTEXT_BYTES = 640;
const HEADER = { kid: 'cpimcore_09252015', ver: '1.0', zip: 'Deflate', ser: '1.0' };

/**
 * The text of a code or refresh token: looks like a compact JWE with an empty key part (two consecutive dots).
 * It follows from the id, so the same token can be given again and no state has to hold it.
 */
export function opaqueToken(seed: string, id: string): string {
  const part = (bytes: Buffer) => bytes.toString('base64url');
  const header = part(Buffer.from(JSON.stringify(HEADER)));
  const stream = keystream(seed, id, CIPHERTEXT_BYTES + 16);
  // The id takes the place of the 12 bytes of initialisation vector.
  return `${header}..${id}.${part(stream.subarray(0, CIPHERTEXT_BYTES))}.${part(stream.subarray(CIPHERTEXT_BYTES))}`;
}

/** The id in a token, if this simulator made the token. */
export function idOfToken(seed: string, token: string): string | undefined {
  const id = token.split('.')[2] ?? '';
  const expected = Buffer.from(opaqueToken(seed, id));
  const given = Buffer.from(token);
  return expected.length === given.length && timingSafeEqual(expected, given) ? id : undefined;
}

function keystream(seed: string, id: string, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0; counter * 32 < length; counter += 1) {
    blocks.push(createHmac('sha256', seed).update(`${id}.${counter}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}
