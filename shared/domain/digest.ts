/** What stands for a set of documents: two sets are the same where their digests are. Pure: no I/O, no clock. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import * as z from 'zod';

const HASH_BYTES = 16;
const MODULUS = 1n << BigInt(8 * HASH_BYTES);

/** `count`: documents; `digest`: the sum of their hashes modulo 2^128, 32 hexadecimal digits. */
export const Digest = z.object({ count: z.int(), digest: z.string().regex(/^[0-9a-f]{32}$/) });
export type Digest = z.infer<typeof Digest>;

/**
 * Documents as they come, in any order. Sums, so that the digest of a range is that of its parts: nobody has to sort, or
 * to keep more than a number for each part. They tell mistakes and losses, not forgeries by who may choose documents.
 */
export class DigestSum {
  private count = 0;
  private sum = 0n;

  /** @param document – any JSON; members that are `undefined` count as absent (RFC 8785 for all others) */
  add(document: object): void {
    const hash = createHash('sha256')
      .update(canonicalize(document) ?? '')
      .digest();
    this.count++;
    this.sum += hash.readBigUInt64BE(0) * (1n << 64n) + hash.readBigUInt64BE(8);
  }

  addDigest({ count, digest }: Digest): void {
    this.count += count;
    this.sum += BigInt(`0x${digest}`);
  }

  total(): Digest {
    const digest = (this.sum % MODULUS).toString(16).padStart(2 * HASH_BYTES, '0');
    return { count: this.count, digest };
  }
}

export function digestOf(documents: Iterable<object>): Digest {
  const sum = new DigestSum();
  for (const document of documents) sum.add(document);
  return sum.total();
}

export function isSameDigest(a: Digest, b: Digest): boolean {
  return a.count === b.count && a.digest === b.digest;
}
