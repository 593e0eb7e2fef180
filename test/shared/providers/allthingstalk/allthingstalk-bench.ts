/** Casey's account at a simulated cloud, linked by password and code, whose house is the first plant. */
import * as z from 'zod';
import { createAllthingstalkCloud } from '../../../../infra/local/providers/allthingstalk/cloud.ts';
import type { FaultName } from '../../../../infra/local/providers/allthingstalk/faults/fault-kinds.ts';
import type { Operation } from '../../../../infra/local/providers/allthingstalk/faults/operation.ts';
import type { FaultOrder } from '../../../../infra/local/providers/simulation/faults/faults.ts';
import { accountIdFor } from '../../../../shared/domain/ids.ts';
import { allthingstalk } from '../../../../shared/providers/allthingstalk/driver.ts';
import { allthingstalkIntake } from '../../../../shared/providers/allthingstalk/intake.ts';
import { ruleBodyTemplate } from '../../../../shared/providers/allthingstalk/rule-body.ts';
import {
  apiOf,
  assetIdOf,
  BLIND,
  CAMERA,
  DOORBELL,
  HEATING,
  LAMP,
  NODE,
  PLUG,
  STATISTICS,
  set,
  verify,
} from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { sim } from '../../../infra/local/providers/sim.ts';
import { createSession, exchange } from '../cloud-session.ts';
import type { Misbehaviour, ProviderBench } from '../provider-setup.ts';

/** A winter afternoon; the cloud's clock stands still until a test moves it. */
const NOW = Date.parse('2026-01-15T17:00:00Z');
/** What devices take to act, and then some. */
const SETTLE_SECONDS = 30;
/** After a week of silence a device counts as one that is not there. */
const SILENCE_SECONDS = 8 * 86_400;

const house = [NODE, PLUG, LAMP, HEATING, CAMERA, BLIND, STATISTICS, DOORBELL];

/** What the owner makes rules of: every asset that a wish is told of. */
const ruled: readonly (readonly [deviceId: string, asset: string])[] = [
  [PLUG, 'switch'],
  [LAMP, 'brightness'],
  [BLIND, 'position'],
  [HEATING, 'setpoint'],
  [HEATING, 'mode'],
  [STATISTICS, 'note'],
];

type Fault = FaultOrder<FaultName, Operation>;

const faults: Record<Exclude<Misbehaviour, 'modules_offline' | 'foreign_subscriptions'>, Fault> = {
  access_token_refused: { name: 'unauthorized' },
  quota_used_up: { name: 'throttled' },
  unavailable: { name: 'html_error' },
  unreadable: { name: 'html_error', parameters: { status: 200 } },
  grants_unavailable: { name: 'html_error', on: 'login' },
};

const Device = z.object({
  assets: z.array(z.object({ name: z.string(), reports: z.array(z.object({ value: z.unknown() })) })),
});

export async function openAllthingstalk(): Promise<ProviderBench> {
  const cloud = await createAllthingstalkCloud({ now: () => NOW });
  const { url, credentials } = cloud;
  const provider = allthingstalk({ url, credentials, defaultTimeZone: 'Europe/Brussels' });
  // Nothing rotates here, and more than the hour of such a token (contract 2.1) is lived through.
  await set(cloud, { accessLifeSeconds: 30 * 86_400 });
  const tokenAnswer: unknown = await (await verify(cloud)).json();
  const { accessToken, refreshToken = '' } = provider.oauth.readTokenAnswer(tokenAnswer);
  const accountId = accountIdFor('allthingstalk', 'owner-1', 'casey');
  const called = new Set<string>();
  let [isSilent, passedSeconds] = [false, 0];

  async function control(path: string, body?: unknown): Promise<unknown> {
    const answer = await sim(cloud, body === undefined ? 'GET' : 'POST', path, body);
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return await answer.json();
  }

  async function advance(seconds: number): Promise<void> {
    await cloud.advance(seconds);
    passedSeconds += seconds;
  }

  /** There is no flag for devices that are offline (contract 3.1): all there is, is their silence. */
  async function fallSilent(): Promise<void> {
    isSilent = true;
    for (const deviceId of house) await control('/device', { deviceId, online: false });
    await advance(SILENCE_SECONDS);
  }

  async function speakAgain(): Promise<void> {
    isSilent = false;
    for (const deviceId of house) {
      await control('/device', { deviceId, online: true });
      for (const { name, reports } of Device.parse(await control(`/devices/${deviceId}`)).assets) {
        const last = reports.at(-1);
        if (last) await control('/report', { deviceId, asset: name, value: last.value });
      }
    }
  }

  // The blind is offline in the seed, and would never act.
  await control('/device', { deviceId: BLIND, online: true });

  return {
    provider,
    intake: allthingstalkIntake,
    account: { accountId, scopes: [], linkedBy: { way: 'password' } },
    session: createSession(accountId, accessToken),
    tokenAnswer,
    refreshToken,
    refresh: (token, application) =>
      exchange(provider.oauth, {
        grant_type: 'refresh_token',
        refresh_token: token,
        ...(application === 'unknown' && { client_id: 'of-nobody' }),
      }),
    now: () => NOW + passedSeconds * 1000,
    async misbehave(how) {
      if (how === 'foreign_subscriptions') throw new TypeError('programs have no subscriptions');
      if (how === 'modules_offline') await fallSilent();
      else cloud.faults.set(faults[how]);
    },
    async restore() {
      cloud.faults.clear();
      if (isSilent) await speakAgain();
    },
    settle: () => advance(SETTLE_SECONDS),
    async listenByHand(address) {
      if (called.has(address)) return;
      called.add(address);
      for (const [deviceId, asset] of ruled) {
        const assetId = await assetIdOf(apiOf(cloud, accessToken), deviceId, asset);
        await control('/rules', { assetId, url: address, body: ruleBodyTemplate });
      }
    },
    close: () => cloud.close(),
  };
}
