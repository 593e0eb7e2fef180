/** The codes of an authenticator app: TOTP over SHA-1, six digits, thirty seconds (RFC 6238). The time is passed in. */
import { createHmac, randomInt } from 'node:crypto';

const STEP_MS = 30_000;
const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export interface CurrentCode {
  readonly code: string;
  readonly validSeconds: number;
}

/** Base 32, as an app is given it. */
export function newSecret(): string {
  return Array.from({ length: 32 }, () => SIGNS[randomInt(SIGNS.length)]).join('');
}

/** @param secret base 32, as an app is given it */
export function currentCode(secret: string, epochMs: number): CurrentCode {
  const step = Math.floor(epochMs / STEP_MS);
  return { code: codeOfStep(secret, step), validSeconds: Math.ceil(((step + 1) * STEP_MS - epochMs) / 1000) };
}

/** The code of now, and of one step before and after, as clocks go. */
export function isCode(secret: string, code: string, epochMs: number): boolean {
  const step = Math.floor(epochMs / STEP_MS);
  return [step - 1, step, step + 1].some((near) => codeOfStep(secret, near) === code.replace(/\s/g, ''));
}

function codeOfStep(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const number = (mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000;
  return String(number).padStart(6, '0');
}

function decodeBase32(text: string): Buffer {
  const bits = [...text].map((sign) => SIGNS.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
