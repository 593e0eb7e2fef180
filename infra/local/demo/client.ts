/** Latchkey's API as a product's own server would call it, with the answers parsed by the API's own schemas. */
import type * as z from 'zod';
import { pages } from '../../../shared/api/pages.ts';
import {
  AccountView,
  CommandView,
  CreatedTokenView,
  EventPage,
  HistoryView,
  LinkView,
  list,
  ModuleView,
  PlantView,
  RotationView,
  StartedLink,
} from '../../../shared/api/views.ts';
import type { Event } from '../../../shared/domain/event.ts';

export interface Client {
  startLink(wish: { provider: string; owner: string; returnTo?: string }): Promise<StartedLink>;
  showLink(linkId: string): Promise<LinkView>;
  accounts(owner: string): Promise<AccountView[]>;
  account(accountId: string): Promise<AccountView>;
  plants(accountId: string): Promise<PlantView[]>;
  modules(accountId: string): Promise<ModuleView[]>;
  module(moduleId: string, maxAgeSeconds?: number): Promise<ModuleView>;
  command(moduleId: string, wish: object, idempotencyKey?: string): Promise<CommandView>;
  /** To the plant as a whole. */
  plantCommand(plantId: string, wish: object): Promise<CommandView>;
  showCommand(commandId: string): Promise<CommandView>;
  history(moduleId: string, question: Readonly<Record<string, string>>): Promise<HistoryView>;
  events(after: string | undefined, waitSeconds: number, breadth?: EventBreadth): Promise<EventPage>;
  /** Reads the feed from the cursor on until an event fits; the events read on the way, and the cursor after them. */
  awaitEvent(
    after: string | undefined,
    fits: (event: Event) => boolean,
    patienceSeconds: number,
    breadth?: EventBreadth,
  ): Promise<AwaitedEvent>;
  rotate(accountId: string): Promise<AccountView>;
  rotations(accountId: string): Promise<RotationView[]>;
  /** Has the next run of the schedule read everything again. */
  sync(accountId: string): Promise<void>;
  /** Has the next runs of the schedule read the deliveries of a time again. */
  replay(accountId: string, span: { from: string; to: string }): Promise<void>;
  unlink(accountId: string): Promise<void>;
  /** An access token of Latchkey's. */
  createToken(wish: object): Promise<CreatedTokenView>;
  /** Any request; the raw answer. */
  call(method: string, path: string, options?: CallOptions): Promise<Response>;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Which events, and how many at most. */
export interface EventBreadth {
  readonly account?: string;
  readonly limit?: number;
}

export interface AwaitedEvent {
  readonly event: Event;
  readonly seen: readonly Event[];
  readonly next: string;
}

const LONG_POLL_SECONDS = 5;
/** As long as Latchkey lets a client wait for a command: most of what a cloud puts off is over by then. */
const PATIENCE_SECONDS = 25;

export function createClient(apiUrl: string, token: string): Client {
  const call = (method: string, path: string, { body, headers }: CallOptions = {}) =>
    fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  const ask = async <T extends z.ZodType>(
    schema: T,
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<z.infer<T>> => {
    const answer = await call(method, path, options);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return schema.parse(JSON.parse(text));
  };

  const all = <T>(path: string, view: z.ZodType<T>): Promise<T[]> =>
    Array.fromAsync(pages({ get: (each, answer) => ask(answer, 'GET', each) }, path, view));

  /** What is answered by its status alone. */
  const tell = async (method: string, path: string, body?: unknown): Promise<void> => {
    const answer = await call(method, path, { body });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  };

  const client: Client = {
    call,
    startLink: (body) => ask(StartedLink, 'POST', '/v1/links', { body }),
    showLink: (linkId) => ask(LinkView, 'GET', `/v1/links/${linkId}`),
    accounts: (owner) => all(`/v1/accounts?owner=${encodeURIComponent(owner)}`, AccountView),
    account: (accountId) => ask(AccountView, 'GET', `/v1/accounts/${accountId}`),
    plants: (accountId) => all(`/v1/plants?account=${accountId}`, PlantView),
    modules: (accountId) => all(`/v1/modules?account=${accountId}`, ModuleView),
    module: (moduleId, maxAgeSeconds) =>
      ask(
        ModuleView,
        'GET',
        `/v1/modules/${moduleId}${maxAgeSeconds === undefined ? '' : `?maxAge=${maxAgeSeconds}`}`,
      ),
    command: (moduleId, body, idempotencyKey) =>
      ask(CommandView, 'POST', `/v1/modules/${moduleId}/commands`, {
        body,
        headers: {
          prefer: `wait=${PATIENCE_SECONDS}`,
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
      }),
    plantCommand: (plantId, body) =>
      ask(CommandView, 'POST', `/v1/plants/${plantId}/commands`, {
        body,
        headers: { prefer: `wait=${PATIENCE_SECONDS}` },
      }),
    showCommand: (commandId) => ask(CommandView, 'GET', `/v1/commands/${commandId}`),
    history: (moduleId, question) =>
      ask(HistoryView, 'GET', `/v1/modules/${moduleId}/history?${new URLSearchParams(question)}`),
    events: (after, waitSeconds, { account, limit } = {}) => {
      const query = new URLSearchParams({ wait: String(waitSeconds) });
      if (after !== undefined) query.set('after', after);
      if (account !== undefined) query.set('account', account);
      if (limit !== undefined) query.set('limit', String(limit));
      return ask(EventPage, 'GET', `/v1/events?${query}`);
    },

    async awaitEvent(after, fits, patienceSeconds, breadth) {
      const deadline = Date.now() + patienceSeconds * 1000;
      const seen: Event[] = [];
      let cursor = after;
      while (Date.now() < deadline) {
        const { events, next } = await client.events(cursor, LONG_POLL_SECONDS, breadth);
        seen.push(...events);
        cursor = next;
        const event = events.find(fits);
        if (event) return { event, seen, next };
      }
      throw new Error(
        `no such event in ${patienceSeconds} s; seen: ${seen.map(({ type }) => type).join(', ')}`,
      );
    },

    rotate: (accountId) => ask(AccountView, 'POST', `/v1/accounts/${accountId}/rotate`),
    rotations: async (accountId) =>
      (await ask(list(RotationView), 'GET', `/v1/accounts/${accountId}/rotations`)).items,

    sync: (accountId) => tell('POST', `/v1/accounts/${accountId}/sync`),
    replay: (accountId, body) => tell('POST', `/v1/accounts/${accountId}/replay`, body),
    createToken: (body) => ask(CreatedTokenView, 'POST', '/v1/tokens', { body }),
    unlink: (accountId) => tell('DELETE', `/v1/accounts/${accountId}`),
  };
  return client;
}
