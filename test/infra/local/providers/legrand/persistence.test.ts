import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLegrandCloud, type LegrandCloud } from '../../../../../infra/local/providers/legrand/cloud.ts';
import { startProcess, temporaryFolder } from '../cloud-process.ts';
import { sim } from '../sim.ts';
import { receiveWebhooks } from '../webhook-receiver.ts';
import { apiOf, HOME, LIVING_ROOM, link, modulePath, REPLY_URL, refresh } from './legrand-client.ts';
import { startCloud } from './start-cloud.ts';

const runCloud = new URL('run-cloud.ts', import.meta.url);

describe('persistence', () => {
  it('loses no grant, subscription or undelivered notification to a SIGKILL', async () => {
    const statePath = join(temporaryFolder(), 'deep', 'legrand.json');
    const receiver = await receiveWebhooks();
    receiver.status = 500;
    const first = await startProcess<LegrandCloud>(runCloud, [statePath, REPLY_URL]);
    const tokens = await link(first.cloud);
    const { refresh_token: rotated } = (await (await refresh(first.cloud, tokens.refresh_token)).json()) as {
      refresh_token: string;
    };
    const api = apiOf(first.cloud, tokens.access_token);
    await api('POST', `/plants/${HOME}/subscription`, { EndPointUrl: receiver.url });
    await api('POST', modulePath(), {
      function: 'heating',
      mode: 'manual',
      setPoint: { value: '25', unit: 'C' },
    });
    await first.kill();
    receiver.status = 200;

    const second = await startProcess<LegrandCloud>(runCloud, [statePath, REPLY_URL]);
    const again = apiOf(second.cloud, tokens.access_token);
    expect(await (await again('GET', '/subscription')).json()).toMatchObject([{ EndPointUrl: receiver.url }]);
    expect(await (await again('GET', modulePath())).json()).toMatchObject({
      chronothermostats: [{ mode: 'MANUAL', setPoint: { value: '25.00000' } }],
    });
    expect((await refresh(second.cloud, rotated)).status).toBe(200);
    await sim(second.cloud, 'POST', '/clock', { advanceSeconds: 10 });
    expect(await (await sim(second.cloud, 'GET', '/attempts')).json()).toEqual([
      expect.objectContaining({ delivered: true, status: 200 }),
    ]);
    expect(receiver.bodies.at(-1)).toContain('25.00000');
  });

  it('leaves one whole file behind, and keeps the moved clock and the faults', async () => {
    const folder = temporaryFolder();
    const statePath = join(folder, 'legrand.json');
    const before = await startCloud({ statePath });
    await before.advance(3600);
    before.faults.set({ name: 'busy', times: 2 });
    await before.close();
    expect(readdirSync(folder)).toEqual(['legrand.json']);
    const after = await startCloud({ statePath, replyUrls: undefined });
    expect(await (await sim(after, 'GET', '/state')).json()).toMatchObject({
      clockOffsetMs: 3_600_000,
      application: { replyUrls: [REPLY_URL] },
      faults: [{ name: 'busy', times: 2 }],
      plants: [{ modules: [{ moduleId: LIVING_ROOM }, {}] }, {}, {}],
    });
  });

  it('refuses a file that holds something else', async () => {
    const statePath = join(temporaryFolder(), 'legrand.json');
    writeFileSync(statePath, '{"format":2}');
    await expect(createLegrandCloud({ statePath })).rejects.toThrow(
      /is not a state of the Legrand simulator/,
    );
  });

  it('refuses a port that is taken', async () => {
    const cloud = await startCloud();
    await expect(createLegrandCloud({ port: Number(new URL(cloud.url).port) })).rejects.toThrow('EADDRINUSE');
  });
});
