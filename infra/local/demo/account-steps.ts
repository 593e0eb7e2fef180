/** What is the same at every provider: an account is linked, its tokens are rotated, and it is unlinked again. */

import * as z from 'zod';
import { displayNames, type ProviderName } from '../../../shared/domain/provider-name.ts';
import { expect, PATIENCE_SECONDS, present, type Stage, type Step, until } from './step.ts';

/** The account of a story, as far as it has come. */
export interface AccountTrail {
  accountId: string;
  /** Up to where the feed was read; absent: nothing yet. */
  cursor?: string;
}

/** As the demo plays it at one provider. */
export interface Part {
  readonly provider: ProviderName;
  readonly person: { readonly email: string; readonly password: string };
  /** What the consent page's button for yes says. */
  readonly yes: string;
  /** Changes settings of the simulated cloud. */
  readonly set: (settings: { accessLifeSeconds: number }) => Promise<void>;
  /** How long access tokens live there, seconds. */
  readonly accessLifeSeconds: number;
}

export const OWNER = 'owner-1';
const TokenSet = z.looseObject({ refreshToken: z.string() });
/** Short enough to expire while one watches. */
const SHORT_LIFE_SECONDS = 4;

export function linkSteps({ client, browser }: Stage, part: Part, trail: AccountTrail): Step[] {
  const { provider, person } = part;
  let linkId: string;
  let consentUrl: string;
  let callbackUrl: string;
  return [
    {
      name: 'start a link',
      async run() {
        const link = await client.startLink({ provider, owner: OWNER });
        linkId = link.id;
        consentUrl = link.url;
        return consentUrl;
      },
    },
    {
      name: `give consent at ${displayNames[provider]}'s page`,
      async run() {
        const page = await browser.visit(consentUrl);
        const { location } = await browser.submit(page, person, part.yes);
        callbackUrl = present(location, 'a redirect back');
        return `${person.email} allowed access`;
      },
    },
    {
      name: 'come back to Latchkey',
      async run() {
        const page = await browser.visit(callbackUrl);
        expect(page.status === 200, `the page has status ${page.status}: ${page.text}`);
        const link = await client.showLink(linkId);
        expect(link.status === 'linked', `the link is ${link.status}`);
        trail.accountId = present(link.accountId, 'an account');
        return `account ${trail.accountId}`;
      },
    },
  ];
}

/** @param tryAccess – a call that the cloud answers only to a token in force */
export function rotationSteps(
  { client, runSchedule }: Stage,
  { provider, set, accessLifeSeconds }: Pick<Part, 'provider' | 'set' | 'accessLifeSeconds'>,
  trail: AccountTrail,
  tryAccess: () => Promise<unknown>,
): Step[] {
  let generation: number;
  return [
    {
      name: 'let an access token expire',
      async run() {
        await set({ accessLifeSeconds: SHORT_LIFE_SECONDS });
        const short = present((await client.rotate(trail.accountId)).tokens, 'tokens');
        await set({ accessLifeSeconds });
        generation = short.generation;
        const expiresAt = present(short.accessExpiresAt, 'an end of the access token');
        await until(
          async () => Date.parse(expiresAt) < Date.now(),
          (isOver) => isOver,
        );
        return `generation ${generation} expired ${expiresAt}`;
      },
    },
    {
      name: 'rotate it by schedule',
      async run() {
        await runSchedule('rotate-tokens');
        const { event, next } = await client.awaitEvent(
          trail.cursor,
          ({ type, data }) => type === 'latchkey.account.rotated' && data.generation === generation + 1,
          PATIENCE_SECONDS,
        );
        trail.cursor = next;
        const { refreshHash, previousRefreshHash } = event.data;
        expect(refreshHash !== previousRefreshHash, 'the refresh token is still the same');
        await tryAccess();
        const name = displayNames[provider];
        return `generation ${event.data.generation}, another refresh token, and ${name} answers again`;
      },
    },
  ];
}

/** @param exchange – asks the cloud for tokens as Latchkey does, with a refresh token that has served */
export function deadTokenStep(
  { client, readSecret }: Stage,
  { provider }: Pick<Part, 'provider'>,
  trail: AccountTrail,
  exchange: (refreshToken: string) => Promise<Response>,
): Step {
  const refreshToken = () =>
    TokenSet.parse(JSON.parse(present(readSecret(`accounts/${trail.accountId}`), 'a secret'))).refreshToken;
  return {
    name: 'find the old refresh token dead',
    async run() {
      const old = refreshToken();
      await client.rotate(trail.accountId);
      expect(refreshToken() !== old, 'the secret still has the old refresh token');
      const answer = await exchange(old);
      const text = (await answer.text()).trim();
      const name = displayNames[provider];
      expect(answer.status === 400, `${name} answered it with ${answer.status}: ${text}`);
      const { status } = await client.account(trail.accountId);
      expect(status === 'linked', `the account is ${status}`);
      return `${name} answers it with ${answer.status} ${text}, and the account goes on with the new one`;
    },
  };
}

/** @param countSubscriptions – how many the cloud still has */
export function unlinkStep(
  stage: Stage,
  { provider }: Part,
  trail: AccountTrail,
  countSubscriptions: () => Promise<number>,
): Step {
  return {
    name: 'unlink',
    async run() {
      await unlink(stage, trail.accountId, OWNER);
      const left = await countSubscriptions();
      expect(left === 0, `${left} subscriptions are left at ${displayNames[provider]}`);
      return 'no subscription, no secret, no account left';
    },
  };
}

/** @throws {Error} when the owner's only account or its secret is still there afterwards */
export async function unlink({ client, readSecret }: Stage, accountId: string, owner: string): Promise<void> {
  expect(readSecret(`accounts/${accountId}`) !== undefined, 'there was no secret to remove');
  await client.unlink(accountId);
  expect(readSecret(`accounts/${accountId}`) === undefined, 'the secret is still there');
  expect((await client.accounts(owner)).length === 0, 'the account is still there');
}
