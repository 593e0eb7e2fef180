import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBrowser } from '../../../infra/local/demo/browser.ts';
import { createClient } from '../../../infra/local/demo/client.ts';
import { createNetatmoCloud, type NetatmoCloud } from '../../../infra/local/providers/netatmo/cloud.ts';
import { type Latchkey, type LatchkeyOptions, startLatchkey } from '../../../infra/local/start.ts';
import { freePorts } from '../../end-to-end/ports.ts';

let folder: string;
let opened: { close(): Promise<void> }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-start-'));
  opened = [];
});
afterEach(async () => {
  for (const each of opened) await each.close();
  await rm(folder, { recursive: true });
});

async function start(options: Partial<LatchkeyOptions> = {}): Promise<Latchkey> {
  const latchkey = await startLatchkey({ statePath: folder, port: 0, schedules: false, ...options });
  opened.push(latchkey);
  return latchkey;
}

function appSecretOf(latchkey: Latchkey): unknown {
  return JSON.parse(latchkey.readSecret('latchkey/local/app') ?? 'null');
}

/** The page at the provider's that a new link leads an owner to. */
async function consentPageOf({ api, token }: Latchkey, provider: string) {
  const { url } = await createClient(api, token).startLink({ provider, owner: 'owner-1' });
  return await createBrowser().visit(url);
}

test('hosts every cloud on a port of its own after the API, with its credentials, and links lead there', async () => {
  const port = await freePorts();
  const latchkey = await start({ port });
  expect(latchkey.api).toBe(`http://127.0.0.1:${port}`);
  expect(latchkey.providers).toEqual({
    legrand: `http://127.0.0.1:${port + 1}`,
    netatmo: `http://127.0.0.1:${port + 2}`,
    allthingstalk: `http://127.0.0.1:${port + 3}`,
  });
  const { legrand, netatmo, allthingstalk } = latchkey.clouds;
  expect(appSecretOf(latchkey)).toEqual({
    rootKey: expect.any(String),
    legrand: legrand.credentials,
    netatmo: netatmo.credentials,
    allthingstalk: allthingstalk.credentials,
  });
  for (const provider of ['legrand', 'netatmo'] as const) {
    const url = latchkey.providers[provider];
    const page = await consentPageOf(latchkey, provider);
    // A cloud that did not know the reply URL would show an error instead of its form.
    expect([page.status, new URL(page.url).origin]).toEqual([200, url]);
    expect(page.text).toContain('<form');
  }
});

test('keeps what each cloud knows across restarts, its application and a change by hand included', async () => {
  const first = await start();
  const renamed = await fetch(`${first.providers.netatmo}/_sim/module`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ moduleId: '70:ee:50:aa:bb:01', name: 'Renamed' }),
  });
  expect(renamed.status).toBe(200);
  const secret = appSecretOf(first);
  await first.close();

  const second = await start();
  expect(await (await fetch(`${second.providers.netatmo}/_sim/state`)).text()).toContain('"Renamed"');
  expect(appSecretOf(second)).toEqual(secret);
});

test('leaves out the simulator of a cloud that is elsewhere, and takes its credentials', async () => {
  const other: NetatmoCloud = await createNetatmoCloud();
  opened.push(other);
  const { url, env, credentials } = other;
  const steps: string[] = [];
  const latchkey = await start({
    elsewhere: { netatmo: { url, env, credentials } },
    progress(step) {
      steps.push(step);
      return () => {};
    },
  });
  expect(steps).toContain('simulated Legrand cloud');
  expect(steps).not.toContain('simulated Netatmo cloud');
  expect(latchkey.providers.netatmo).toBe(url);
  expect(appSecretOf(latchkey)).toMatchObject({ netatmo: credentials });
  const { url: linkUrl } = await createClient(latchkey.api, latchkey.token).startLink({
    provider: 'netatmo',
    owner: 'owner-1',
  });
  const browser = createBrowser();
  const { location = '' } = await browser.get(linkUrl);
  const { origin, searchParams } = new URL(location);
  expect([origin, searchParams.get('client_id')]).toEqual([url, credentials.clientId]);
});

test('says which port of a cloud is taken, and leaves nothing behind', async () => {
  const port = await freePorts();
  const taken = await createNetatmoCloud({ port: port + 2 });
  await expect(start({ port })).rejects.toThrow(`port ${port + 2} is taken`);
  await taken.close();
  await start({ port });
});
