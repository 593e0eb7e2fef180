/** Accounts at Netatmo and AllThingsTalk, linked as a person and a program would. */
import * as z from 'zod';
import { createAllthingstalkControls } from '../../infra/local/demo/allthingstalk/controls.ts';
import { createBrowser } from '../../infra/local/demo/browser.ts';
import type { Bench } from './bench.ts';
import { present } from './until.ts';

type Place = Pick<Bench, 'api' | 'client' | 'providers'>;

/** Consents in a browser; the account. */
export async function linkNetatmo({ client }: Place, email: string): Promise<string> {
  const browser = createBrowser();
  const { id, url } = await client.startLink({ provider: 'netatmo', owner: email });
  const page = await browser.visit(url);
  const { location } = await browser.submit(page, { email, password: 'netatmo' }, 'Yes, I accept');
  await browser.visit(present(location, 'way back to Latchkey'));
  return present((await client.showLink(id)).accountId, 'account');
}

const Entered = z.looseObject({ accountId: z.string() });

/** Pastes the token of a device; the account. */
export async function linkDevice({ api, client, providers }: Place, title: string): Promise<string> {
  const controls = createAllthingstalkControls(providers.allthingstalk);
  const { deviceId } = await controls.device(title);
  const { text } = await controls.token('device', deviceId);
  const { id } = await client.startLink({ provider: 'allthingstalk', owner: title });
  const answer = await fetch(`${api}/link/${id}/credentials`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ way: 'module_token', id: deviceId, token: text }),
  });
  return Entered.parse(await answer.json()).accountId;
}
