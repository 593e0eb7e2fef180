import * as z from 'zod';
import { Link } from '../domain/link.ts';
import type { Problem } from '../domain/problem.ts';
import { assign, expression } from './expression.ts';
import type { Table } from './item.ts';
import { keys } from './keys.ts';

/** What became of a link can be asked for a day; TTL then removes it. */
const LINK_KEPT_SECONDS = 86_400;

/** What no state hashes to. */
const USED_UP = 'used up';

/** A link with the hashes that bind it to one browser and one redirect; they count for nothing once used. */
export const PendingLink = z.object({
  ...Link.shape,
  stateHash: z.string().optional(),
  browserHash: z.string().optional(),
});
export type PendingLink = z.infer<typeof PendingLink>;

export interface LinkStore {
  create(link: Link): Promise<void>;
  get(linkId: string): Promise<PendingLink | undefined>;
  /** Binds the link to the browser that opened it; an earlier browser loses its claim. */
  bind(linkId: string, hashes: { stateHash: string; browserHash: string }): Promise<'bound' | 'refused'>;
  /**
   * Uses the state up: of any number of callbacks with it, one gets `taken`. Without a state, for a program: only a
   * link that no browser has opened can be taken, and once.
   */
  take(linkId: string, stateHash: string | undefined): Promise<'taken' | 'refused'>;
  /** Makes a link that was taken what it was before, for another attempt. */
  giveBack(link: PendingLink): Promise<void>;
  finish(linkId: string, outcome: { accountId: string } | { problem: Problem }): Promise<void>;
}

export function createLinkStore(table: Table): LinkStore {
  return {
    async create(link) {
      const expiresAtEpoch = Math.floor(Date.parse(link.createdAt) / 1000) + LINK_KEPT_SECONDS;
      await table.put(keys.link(link.linkId), { ...link, expiresAtEpoch });
    },

    get: (linkId) => table.get(keys.link(linkId), PendingLink),

    async bind(linkId, { stateHash, browserHash }) {
      const outcome = await table.update(
        keys.link(linkId),
        expression`SET #stateHash = ${stateHash}, #browserHash = ${browserHash}`,
        PendingLink,
        expression`#status = ${'pending'}`,
      );
      return outcome === 'refused' ? 'refused' : 'bound';
    },

    async take(linkId, stateHash) {
      const outcome = await table.update(
        keys.link(linkId),
        expression`SET #stateHash = ${USED_UP} REMOVE #browserHash`,
        PendingLink,
        stateHash === undefined
          ? expression`#status = ${'pending'} AND attribute_not_exists(#stateHash)`
          : expression`#status = ${'pending'} AND #stateHash = ${stateHash}`,
      );
      return outcome === 'refused' ? 'refused' : 'taken';
    },

    async giveBack({ linkId, stateHash, browserHash }) {
      await table.update(
        keys.link(linkId),
        assign({ stateHash, browserHash }),
        PendingLink,
        expression`#status = ${'pending'} AND #stateHash = ${USED_UP}`,
      );
    },

    async finish(linkId, outcome) {
      const change =
        'accountId' in outcome
          ? expression`SET #status = ${'linked'}, #accountId = ${outcome.accountId}`
          : expression`SET #status = ${'failed'}, #problem = ${outcome.problem}`;
      await table.update(keys.link(linkId), change, PendingLink, expression`#status = ${'pending'}`);
    },
  };
}
