import { describe, expect, it } from 'vitest';
import type { LegrandCloud } from '../../../../../infra/local/providers/legrand/cloud.ts';
import { sim } from '../sim.ts';
import { link, refresh, type TokenSet } from './legrand-client.ts';
import { startCloud } from './start-cloud.ts';

async function startWith(refreshMode: string): Promise<LegrandCloud> {
  const cloud = await startCloud();
  await sim(cloud, 'POST', '/settings', { refreshMode });
  return cloud;
}

async function refreshed(cloud: LegrandCloud, { refresh_token: token }: TokenSet): Promise<TokenSet> {
  const answer = await refresh(cloud, token);
  expect(answer.status).toBe(200);
  return answer.json() as Promise<TokenSet>;
}

describe('rotation', () => {
  it('gives a new refresh token at every exchange', async () => {
    const cloud = await startCloud();
    const first = await link(cloud);
    const second = await refreshed(cloud, first);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await refreshed(cloud, second)).refresh_token).not.toBe(second.refresh_token);
  });

  it('goes on taking the old token by default, with a newer child each time', async () => {
    const cloud = await startCloud();
    const first = await link(cloud);
    const child = await refreshed(cloud, first);
    const other = await refreshed(cloud, first);
    expect(other.refresh_token).not.toBe(child.refresh_token);
    await refreshed(cloud, child);
    await refreshed(cloud, other);
  });

  it('refuses the old token in the strict mode and leaves its child alive', async () => {
    const cloud = await startWith('strict');
    const first = await link(cloud);
    const child = await refreshed(cloud, first);
    const again = await refresh(cloud, first.refresh_token);
    expect(again.status).toBe(400);
    expect(await again.json()).toMatchObject({ error: 'invalid_grant' });
    await refreshed(cloud, child);
  });

  it('kills the whole family in the family mode', async () => {
    const cloud = await startWith('family');
    const first = await link(cloud);
    const child = await refreshed(cloud, first);
    expect((await refresh(cloud, first.refresh_token)).status).toBe(400);
    expect((await refresh(cloud, child.refresh_token)).status).toBe(400);
  });

  it('gives the same child again in the grace mode, for a minute', async () => {
    const cloud = await startWith('grace');
    const first = await link(cloud);
    const child = await refreshed(cloud, first);
    expect((await refreshed(cloud, first)).refresh_token).toBe(child.refresh_token);
    await cloud.advance(61);
    expect((await refresh(cloud, first.refresh_token)).status).toBe(400);
    await refreshed(cloud, child);
  });

  it('obeys the lifetimes that are set', async () => {
    const cloud = await startCloud();
    await sim(cloud, 'POST', '/settings', { accessLifeSeconds: 20, refreshLifeSeconds: 100 });
    const tokens = await link(cloud);
    expect(tokens).toMatchObject({ expires_in: 20, refresh_token_expires_in: 100 });
    await cloud.advance(100);
    expect((await refresh(cloud, tokens.refresh_token)).status).toBe(400);
  });
});
