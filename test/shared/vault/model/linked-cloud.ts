/** The world at the beginning of every run: one account that was linked a while ago, by the vault itself. */
import type { VaultKind } from '../../../../shared/domain/vault-kind.ts';
import { createBiography } from './biography.ts';
import { type Cloud, passTo } from './cloud.ts';
import { liveAlone } from './live-alone.ts';
import { lifeToLink, STARTED_AT_MS } from './roles.ts';
import type { StillProcess } from './still-process.ts';
import { consents, type ProviderRules } from './token-endpoint.ts';

const AGO_MS = 45 * 60_000;

export async function linkedCloud(
  rules: ProviderRules,
  vault: VaultKind,
  process: StillProcess,
): Promise<Cloud> {
  const life = lifeToLink(consents(rules).first, 'link', { vault, rules });
  const empty: Cloud = { items: {}, secrets: {}, presented: [], nowMs: STARTED_AT_MS - AGO_MS };
  const { cloud } = await liveAlone(rules, empty, createBiography('link', life, process));
  return passTo(cloud, STARTED_AT_MS);
}
