import type { ProviderName } from '../domain/provider-name.ts';
import { type HookKey, signHook } from '../providers/signature.ts';

/** The address to register at the provider, letter for letter: redirect URIs are compared as text. */
export function replyUrl(publicUrl: string, provider: ProviderName): string {
  return `${publicUrl}/oauth/${provider}/callback`;
}

/** Where all of an account's webhook addresses begin, those of former hook epochs included. */
export function hookUrlPrefix(publicUrl: string, provider: ProviderName, accountId: string): string {
  return `${publicUrl}/webhooks/${provider}/${accountId}.`;
}

export function hookUrl(publicUrl: string, key: HookKey, provider: ProviderName, accountId: string): string {
  return `${publicUrl}/webhooks/${provider}/${signHook(key, provider, accountId)}`;
}
