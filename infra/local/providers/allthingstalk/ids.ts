import { randomInt } from 'node:crypto';

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function randomText(length: number): string {
  return Array.from({ length }, () => SIGNS[randomInt(SIGNS.length)]).join('');
}

/** Of a device, asset, ground, gateway, rule or token. */
export function newObjectId(): string {
  return randomText(24);
}

/** What a token of a device or ground looks like: a space's name and a secret that begins with 4 (contract 2.1). */
export function newStaticToken(): string {
  return `maker:4${randomText(39)}`;
}
