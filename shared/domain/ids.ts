/**
 * Ids. An account's id is derived from provider, owner and the provider's own user id, and every id below an
 * account starts with the account's key, so that an id alone addresses its item and a re-link changes none.
 * Pure: no I/O, no clock.
 */
import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { ProviderName } from './provider-name.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford's base 32: no i, l, o, u

/** Characters of an account's key: 100 bits, so that two of a million accounts never collide. */
const ACCOUNT_KEY_LENGTH = 20;
const CHILD_KEY_LENGTH = 16;

const idPattern = (prefix: string, child: boolean) =>
  new RegExp(`^${prefix}_[0-9a-z]{${ACCOUNT_KEY_LENGTH}}${child ? `_[0-9a-z]{${CHILD_KEY_LENGTH}}` : ''}$`);

export const AccountId = z.string().regex(idPattern('acc', false), 'is not an account id');
export const PlantId = z.string().regex(idPattern('plt', true), 'is not a plant id');
export const ModuleId = z.string().regex(idPattern('mod', true), 'is not a module id');
export const CommandId = z.string().regex(idPattern('cmd', true), 'is not a command id');
export const TokenId = z.string().regex(/^tok_[0-9a-z]{26}$/, 'is not an id of an access token');
export const LinkId = z.string().regex(/^lnk_[0-9a-z]{26}$/, 'is not a link id');

/** The account that a plant, module or command belongs to. */
export function accountOf(id: string): string {
  return `acc_${id.slice(4, 4 + ACCOUNT_KEY_LENGTH)}`;
}

export function accountIdFor(provider: ProviderName, owner: string, subject: string): string {
  return `acc_${digest(ACCOUNT_KEY_LENGTH, 'account', provider, owner, subject)}`;
}

export function plantIdFor(accountId: string, nativeId: string): string {
  return childId('plt', accountId, digest(CHILD_KEY_LENGTH, 'plant', nativeId));
}

export function moduleIdFor(accountId: string, nativeId: string): string {
  return childId('mod', accountId, digest(CHILD_KEY_LENGTH, 'module', nativeId));
}

export function newCommandId(accountId: string): string {
  return childId('cmd', accountId, random(CHILD_KEY_LENGTH));
}

/** A command of a batch: the same batch, told again, finds the same commands. */
export function commandIdFor(batchId: string, moduleId: string): string {
  return childId('cmd', accountOf(moduleId), digest(CHILD_KEY_LENGTH, 'command', batchId, moduleId));
}

export function newLinkId(): string {
  return `lnk_${random(26)}`;
}

export function newTokenId(): string {
  return `tok_${random(26)}`;
}

/** One cause makes at most one event of a type about a subject, so these three name it for good. */
export function eventIdFor(type: string, subject: string, cause: string): string {
  return `evt_${digest(26, 'event', type, subject, cause)}`;
}

/** 256 random bits as base64url: for secrets that are shown once and stored hashed. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256 as base64url: how a secret of 256 random bits is stored (no salt or stretching is needed at that size). */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function childId(prefix: string, accountId: string, key: string): string {
  return `${prefix}_${accountId.slice(4)}_${key}`;
}

/** The parts are joined as JSON, so that no two lists of parts share a digest by concatenation. */
function digest(length: number, ...parts: string[]): string {
  return encode(createHash('sha256').update(JSON.stringify(parts)).digest(), length);
}

function random(length: number): string {
  return encode(randomBytes(length), length);
}

function encode(bytes: Uint8Array, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHABET[(bytes[i] ?? 0) & 31];
  return text;
}
