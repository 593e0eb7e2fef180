/** The whole job, step by step. Every step throws unless what it says has really happened. */
import type { Event } from '../../../shared/domain/event.ts';
import { Problem } from '../../../shared/domain/problem.ts';
import type { Browser } from './browser.ts';
import type { Client } from './client.ts';
import type { LegrandControls } from './legrand-controls.ts';

export interface Stage {
  readonly client: Client;
  readonly browser: Browser;
  readonly legrand: LegrandControls;
  /** Runs a schedule now, as EventBridge would. */
  readonly runSchedule: (name: string) => Promise<void>;
  /** Whether there is a secret with the account's tokens. */
  readonly hasSecret: (accountId: string) => boolean;
}

/** What one step leaves for the next. */
interface Trail {
  linkId: string;
  consentUrl: string;
  callbackUrl: string;
  accountId: string;
  moduleId: string;
  nativeModuleId: string;
  cursor: string;
  generation: number;
  commandId: string;
}

export interface Step {
  readonly name: string;
  /** What was seen, for people. */
  readonly run: (stage: Stage, trail: Trail) => Promise<string>;
}

const OWNER = 'owner-1';
const PERSON = { email: 'marie@example.net', password: 'legrand' };
/** Short enough to expire while one watches, seconds. */
const SHORT_LIFE_SECONDS = 4;
const USUAL_LIFE_SECONDS = 3600;
const QUOTA_PAUSE_SECONDS = 3;
const PATIENCE_SECONDS = 20;

export const steps: readonly Step[] = [
  {
    name: 'start a link',
    async run({ client }, trail) {
      const { id, url } = await client.startLink({ provider: 'legrand', owner: OWNER });
      Object.assign(trail, { linkId: id, consentUrl: url });
      return url;
    },
  },
  {
    name: "give consent at Legrand's page",
    async run({ browser }, trail) {
      const page = await browser.visit(trail.consentUrl);
      const { location } = await browser.submit(page, PERSON, 'Allow');
      trail.callbackUrl = present(location, 'a redirect back');
      return `${PERSON.email} allowed access`;
    },
  },
  {
    name: 'come back to Latchkey',
    async run({ browser, client }, trail) {
      const page = await browser.visit(trail.callbackUrl);
      expect(page.status === 200, `the page has status ${page.status}: ${page.text}`);
      const link = await client.showLink(trail.linkId);
      expect(link.status === 'linked', `the link is ${link.status}`);
      trail.accountId = present(link.accountId, 'an account');
      return `account ${trail.accountId}`;
    },
  },
  {
    name: 'find plants and modules',
    async run({ client, legrand }, trail) {
      const plants = await client.plants(trail.accountId);
      const modules = await client.modules(trail.accountId);
      const module = present(modules[0], 'a module');
      trail.moduleId = module.id;
      const native = (await legrand.state()).plants.flatMap((plant) => plant.modules);
      trail.nativeModuleId = present(
        native.find(({ name }) => name === module.name),
        'its twin',
      ).moduleId;
      return `${plants.map(({ name }) => name).join(', ')}: ${modules.map(({ name }) => name).join(', ')}`;
    },
  },
  {
    name: 'subscribe to webhooks',
    async run({ client, legrand }, trail) {
      const { webhook } = await client.account(trail.accountId);
      const held = present(webhook.subscriptions[0], 'a subscription').subscriptionId;
      const { subscriptions } = await legrand.state();
      expect(
        subscriptions.some(({ subscriptionId }) => subscriptionId === held),
        'Legrand does not have it',
      );
      return `subscription ${held}`;
    },
  },
  {
    name: 'see a change arrive in the feed',
    async run({ client, legrand }, trail) {
      trail.cursor = (await client.events(undefined, 0)).next;
      const temperatureC = 23.5;
      await legrand.touch({ moduleId: trail.nativeModuleId, temperatureC });
      const { event, next } = await client.awaitEvent(
        trail.cursor,
        (event) => isChange(event, trail.moduleId, 'temperature', temperatureC),
        PATIENCE_SECONDS,
      );
      trail.cursor = next;
      return `${event.type} ${event.id}: temperature ${temperatureC} °C`;
    },
  },
  {
    name: 'send a command',
    async run({ client }, trail) {
      const command = await client.command(
        trail.moduleId,
        { action: 'set_setpoint', temperatureC: 21.5 },
        'demo-1',
      );
      expect(command.status === 'succeeded', `the command is ${command.status}: ${command.problem?.detail}`);
      trail.commandId = command.id;
      return `sent ${command.sentAt}, acknowledged ${present(command.acknowledgedAt, 'an acknowledgement')}`;
    },
  },
  {
    name: 'see its effect on the thermostat',
    async run({ client }, trail) {
      const { next } = await client.awaitEvent(
        trail.cursor,
        (event) => isChange(event, trail.moduleId, 'setpoint', 21.5),
        PATIENCE_SECONDS,
      );
      trail.cursor = next;
      const { observedAt } = await until(
        () => client.showCommand(trail.commandId),
        (command) => command.observedAt !== undefined,
      );
      return `observed ${observedAt}`;
    },
  },
  {
    name: 'outwait somebody at the display',
    async run({ client, legrand }, trail) {
      await legrand.fault({ name: 'busy', on: 'set_status', times: 1 });
      const command = await client.command(trail.moduleId, { action: 'set_setpoint', temperatureC: 20 });
      expect(command.status === 'succeeded', `the command is ${command.status}: ${command.problem?.detail}`);
      const answers = (await legrand.requests()).filter(({ operation }) => operation === 'set_status');
      const latest = answers.slice(-2).map(({ status }) => status);
      expect(String(latest) === '486,200', `Legrand answered ${latest.join(', ')}`);
      return `answered 486 (busy), asked again, acknowledged ${command.acknowledgedAt}`;
    },
  },
  {
    name: 'let an access token expire',
    async run({ client, legrand }, trail) {
      await legrand.set({ accessLifeSeconds: SHORT_LIFE_SECONDS });
      const short = present((await client.rotate(trail.accountId)).tokens, 'tokens');
      await legrand.set({ accessLifeSeconds: USUAL_LIFE_SECONDS });
      trail.generation = short.generation;
      const expiresAt = present(short.accessExpiresAt, 'an end of the access token');
      await until(
        async () => Date.parse(expiresAt) < Date.now(),
        (isOver) => isOver,
      );
      return `generation ${short.generation} expired ${expiresAt}`;
    },
  },
  {
    name: 'rotate it by schedule',
    async run({ client, runSchedule }, trail) {
      await runSchedule('rotate-tokens');
      const { event, next } = await client.awaitEvent(
        trail.cursor,
        ({ type, data }) => type === 'latchkey.account.rotated' && data.generation === trail.generation + 1,
        PATIENCE_SECONDS,
      );
      trail.cursor = next;
      const { refreshHash, previousRefreshHash } = event.data;
      expect(refreshHash !== previousRefreshHash, 'the refresh token is still the same');
      await client.module(trail.moduleId, 0);
      return `generation ${event.data.generation}, another refresh token, and Legrand answers again`;
    },
  },
  {
    name: 'keep to the quota',
    async run({ client, legrand }, trail) {
      await legrand.fault({
        name: 'quota_exceeded',
        on: 'status',
        times: 1,
        waitSeconds: QUOTA_PAUSE_SECONDS,
      });
      const ask = () => client.call('GET', `/v1/modules/${trail.moduleId}?maxAge=0`);
      const refusal = await ask();
      expect(refusal.status === 429, `Legrand's quota refusal became ${refusal.status}`);
      const { provider } = Problem.parse(await refusal.json());
      const asked = (await legrand.requests()).length;
      const second = await ask();
      expect(second.status === 429, `Latchkey answered ${second.status} before the quota was back`);
      expect((await legrand.requests()).length === asked, 'Legrand was asked all the same');
      await until(ask, ({ status }) => status === 200);
      const { windows } = (await client.account(trail.accountId)).quota;
      const [day] = windows;
      return `«${provider?.message}»: not asked before then; ${day?.remaining} of ${day?.calls} calls left today`;
    },
  },
  {
    name: 'unlink',
    async run({ client, legrand, hasSecret }, trail) {
      expect(hasSecret(trail.accountId), 'there was no secret to remove');
      await client.unlink(trail.accountId);
      const { subscriptions } = await legrand.state();
      expect(subscriptions.length === 0, `${subscriptions.length} subscriptions are left at Legrand`);
      expect(!hasSecret(trail.accountId), 'the secret is still there');
      expect((await client.accounts(OWNER)).length === 0, 'the account is still there');
      return 'no subscription, no secret, no account left';
    },
  },
];

export function emptyTrail(): Trail {
  return {
    linkId: '',
    consentUrl: '',
    callbackUrl: '',
    accountId: '',
    moduleId: '',
    nativeModuleId: '',
    cursor: '',
    generation: 0,
    commandId: '',
  };
}

function isChange(event: Event, moduleId: string, capability: string, value: number): boolean {
  const changes = event.data.changes as { capability: string; value: unknown }[] | undefined;
  return (
    event.type === 'latchkey.module.changed' &&
    event.subject === moduleId &&
    changes?.some((change) => change.capability === capability && change.value === value) === true
  );
}

async function until<T>(look: () => Promise<T>, isRight: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    const seen = await look();
    if (isRight(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`not within ${PATIENCE_SECONDS} s: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what.replace(/^an? /, '')}`);
  return value;
}

function expect(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}
