import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type AllthingstalkCloud,
  createAllthingstalkCloud,
} from '../../../../../infra/local/providers/allthingstalk/cloud.ts';
import { startProcess, temporaryFolder } from '../cloud-process.ts';
import { sim } from '../sim.ts';
import { receiveWebhooks } from '../webhook-receiver.ts';
import {
  apiOf,
  assetIdOf,
  assetPath,
  challenge,
  codeOf,
  groundApi,
  LAMP,
  login,
  NODE,
  refresh,
  set,
  stateOf,
  tokensOf,
  verify,
} from './allthingstalk-client.ts';
import { startCloud } from './start-cloud.ts';

const runCloud = new URL('run-cloud.ts', import.meta.url);

describe('persistence', () => {
  it('loses no token, challenge, state, command or waiting call to a SIGKILL', async () => {
    const statePath = join(temporaryFolder(), 'deep', 'allthingstalk.json');
    const receiver = await receiveWebhooks();
    const first = await startProcess<AllthingstalkCloud>(runCloud, [statePath]);
    const old = await tokensOf(verify(first.cloud));
    const tokens = await tokensOf(refresh(first.cloud, old.refresh_token));
    const open = await challenge(first.cloud);
    const api = groundApi(first.cloud);
    await api('PUT', `${assetPath(NODE, 'motion')}/state`, { value: true });
    await set(first.cloud, { autoEchoDelaySeconds: 9 });
    await sim(first.cloud, 'POST', '/device', { deviceId: LAMP, actsAfterSeconds: 3000 });
    await api('PUT', `${assetPath(LAMP, 'brightness')}/command`, { value: 7 });
    const assetId = await assetIdOf(api, LAMP, 'brightness');
    await sim(first.cloud, 'POST', '/rules', { assetId, url: receiver.url });
    await first.kill();

    const second = await startProcess<AllthingstalkCloud>(runCloud, [statePath]);
    const again = groundApi(second.cloud);
    expect(await stateOf(again, NODE, 'motion')).toMatchObject({ value: true });
    expect((await apiOf(second.cloud, tokens.access_token)('GET', '/me')).status).toBe(200);
    expect((await refresh(second.cloud, old.refresh_token)).status).toBe(400);
    expect((await refresh(second.cloud, tokens.refresh_token)).status).toBe(200);
    expect((await login(second.cloud, { ...open, code: await codeOf(second.cloud) })).status).toBe(200);
    await sim(second.cloud, 'POST', '/clock', { advanceSeconds: 3000 });
    expect(await stateOf(again, LAMP, 'brightness')).toMatchObject({ value: 7 });
    expect(receiver.bodies).toEqual([expect.stringContaining('"7"')]);
  });

  it('leaves one whole file behind, without a token of a user, and keeps clock, switches and faults', async () => {
    const folder = temporaryFolder();
    const statePath = join(folder, 'allthingstalk.json');
    const before = await startCloud({ statePath });
    const { access_token } = await tokensOf(verify(before));
    await before.advance(3600);
    before.faults.set({ name: 'throttled', times: 2 });
    await set(before, { validation: 'strict' });
    await before.close();
    expect(readdirSync(folder)).toEqual(['allthingstalk.json']);
    expect(readFileSync(statePath, 'utf8')).not.toContain(access_token);
    const after = await startCloud({ statePath });
    expect(await (await sim(after, 'GET', '/state')).json()).toMatchObject({
      clockOffsetMs: 3_600_000,
      settings: { validation: 'strict' },
      faults: [{ name: 'throttled', times: 2 }],
    });
    expect((await groundApi(after)('GET', `/device/${NODE}`)).status).toBe(429);
  });

  it('refuses a file that holds something else', async () => {
    const statePath = join(temporaryFolder(), 'allthingstalk.json');
    writeFileSync(statePath, '{"format":2}');
    await expect(createAllthingstalkCloud({ statePath })).rejects.toThrow(
      /is not a state of the AllThingsTalk simulator/,
    );
  });

  it('refuses a port that is taken', async () => {
    const cloud = await startCloud();
    await expect(createAllthingstalkCloud({ port: Number(new URL(cloud.url).port) })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});
