import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNetatmoCloud, type NetatmoCloud } from '../../../../../infra/local/providers/netatmo/cloud.ts';
import { startProcess, temporaryFolder } from '../cloud-process.ts';
import { sim } from '../sim.ts';
import { receiveWebhooks } from '../webhook-receiver.ts';
import {
  apiOf,
  CLAIRE,
  link,
  MAISON,
  moduleStatus,
  PLUG,
  REPLY_URL,
  refresh,
  setModules,
  TokenSet,
} from './netatmo-client.ts';
import { startCloud } from './start-cloud.ts';

const runCloud = new URL('run-cloud.ts', import.meta.url);

describe('persistence', () => {
  it('loses no token, hook, command or waiting push to a SIGKILL', async () => {
    const statePath = join(temporaryFolder(), 'deep', 'netatmo.json');
    const receiver = await receiveWebhooks();
    const first = await startProcess<NetatmoCloud>(runCloud, [statePath, REPLY_URL]);
    const old = await link(first.cloud);
    const tokens = TokenSet.parse(await (await refresh(first.cloud, old.refresh_token)).json());
    const api = apiOf(first.cloud, tokens.access_token);
    await api('addwebhook', { url: receiver.url });
    await setModules(api, [{ id: PLUG, on: false }]);
    await sim(first.cloud, 'POST', '/faults', { name: 'push_late', seconds: 3600 });
    await api('setthermmode', { home_id: MAISON, mode: 'away' });
    await first.kill();

    const second = await startProcess<NetatmoCloud>(runCloud, [statePath, REPLY_URL]);
    const again = apiOf(second.cloud, tokens.access_token);
    expect(await moduleStatus(again, PLUG)).toMatchObject({ on: false });
    expect(await (await sim(second.cloud, 'GET', '/webhooks')).json()).toMatchObject([{ url: receiver.url }]);
    expect((await refresh(second.cloud, old.refresh_token)).status).toBe(400);
    expect((await refresh(second.cloud, tokens.refresh_token)).status).toBe(200);
    await sim(second.cloud, 'POST', '/clock', { advanceSeconds: 3600 });
    expect(JSON.parse(receiver.bodies.at(-1) ?? '')).toMatchObject({
      event_type: 'therm_mode',
      mode: 'away',
    });
  });

  it('leaves one whole file behind, and keeps the moved clock, the quota and the faults', async () => {
    const folder = temporaryFolder();
    const statePath = join(folder, 'netatmo.json');
    const before = await startCloud({ statePath });
    await before.advance(3600);
    before.faults.set({ name: 'concurrency_limit', times: 2 });
    await sim(before, 'POST', `/users/${CLAIRE}/quota`, { calls: 50 });
    await before.close();
    expect(readdirSync(folder)).toEqual(['netatmo.json']);
    const after = await startCloud({ statePath, replyUrls: undefined });
    expect(await (await sim(after, 'GET', '/state')).json()).toMatchObject({
      clockOffsetMs: 3_600_000,
      application: { redirectUris: [REPLY_URL] },
      faults: [{ name: 'concurrency_limit', times: 2 }],
    });
    const { access_token } = await link(after);
    expect((await apiOf(after, access_token)('homesdata')).status).toBe(429);
  });

  it('refuses a file that holds something else', async () => {
    const statePath = join(temporaryFolder(), 'netatmo.json');
    writeFileSync(statePath, '{"format":2}');
    await expect(createNetatmoCloud({ statePath })).rejects.toThrow(
      /is not a state of the Netatmo simulator/,
    );
  });

  it('refuses a port that is taken', async () => {
    const cloud = await startCloud();
    await expect(createNetatmoCloud({ port: Number(new URL(cloud.url).port) })).rejects.toThrow('EADDRINUSE');
  });
});
