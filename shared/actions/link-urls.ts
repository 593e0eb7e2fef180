import type { Account } from '../domain/account.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { type Hook, type HookKey, signHook } from '../providers/signature.ts';

/** The address to register at the provider, letter for letter: redirect URIs are compared as text. */
export function replyUrl(publicUrl: string, provider: ProviderName): string {
  return `${publicUrl}/oauth/${provider}/callback`;
}

/** Where all of an account's webhook addresses begin, those of former epochs included; without one, everybody's. */
export function hookUrlPrefix(publicUrl: string, provider: ProviderName, accountId?: string): string {
  return `${publicUrl}/webhooks/${provider}/${accountId === undefined ? '' : `${accountId}.`}`;
}

export function hookUrl(publicUrl: string, key: HookKey, provider: ProviderName, hook: Hook): string {
  return `${publicUrl}/webhooks/${provider}/${signHook(key, provider, hook)}`;
}

/** Of the account's present address: its own, or the deployment's where an operator has ended all older ones. */
export function presentEpoch({ hook }: Pick<Account, 'hook'>, { epoch: oldest }: HookKey): number {
  return Math.max(hook?.epoch ?? 0, oldest);
}
