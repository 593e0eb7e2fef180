import * as z from 'zod';
import { Link } from '../domain/link.ts';
import type { Problem } from '../domain/problem.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { keys } from './keys.ts';

/** What became of a link can be asked for a day; TTL then removes it. */
const LINK_KEPT_SECONDS = 86_400;

/** A link with the hashes that bind it to one browser and one redirect; they are gone once used. */
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
  /** Uses the state up: of any number of callbacks with it, one gets `taken`. */
  take(linkId: string, stateHash: string): Promise<'taken' | 'refused'>;
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
        expression`REMOVE #stateHash, #browserHash`,
        PendingLink,
        expression`#status = ${'pending'} AND #stateHash = ${stateHash}`,
      );
      return outcome === 'refused' ? 'refused' : 'taken';
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
