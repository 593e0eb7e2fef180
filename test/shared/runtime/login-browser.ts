/** A browser on the page of a link, and a program that links by JSON: both through the functions' own entry. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type HTMLElement, parse } from 'node-html-parser';
import type { CompleteLinkDependencies } from '../../../shared/actions/complete-link.ts';
import { type StartLinkDependencies, startLink } from '../../../shared/actions/start-link.ts';
import { httpEntry } from '../../../shared/runtime/http-entry.ts';
import { credentialsReply, openLinkReply } from '../../../shared/runtime/link-replies.ts';
import { invocation, toEvent } from './events.ts';

export interface Shown {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
  readonly page: HTMLElement;
  /** What the page says is wrong. */
  readonly alert: string | undefined;
}

type Fields = Readonly<Record<string, string>>;

const unused = () => Promise.reject(new Error('is not asked here'));

export function openFront(start: StartLinkDependencies, complete: CompleteLinkDependencies) {
  const startEntry = httpEntry('start-link', async () => ({ ...start, providerOf: complete.providerOf }), {
    startLink: unused,
    showLink: unused,
    openLink: (deps, { params, forPerson }) => openLinkReply(deps, params.linkId, forPerson),
  });
  const completeEntry = httpEntry('complete-link', async () => complete, {
    completeLink: unused,
    enterCredentials: (deps, { params, body: credentials, forPerson: byForm, event: { cookies } }) =>
      credentialsReply(deps, params.linkId, { credentials, byForm, cookies }),
  });

  const get = (linkId: string, accept: string) =>
    startEntry(
      toEvent({ routeKey: 'GET /link/{linkId}', params: { linkId }, headers: { accept } }),
      invocation(),
    );
  const post = (linkId: string, type: string, text: string, cookies?: string[]) =>
    completeEntry(
      toEvent({
        routeKey: 'POST /link/{linkId}/credentials',
        params: { linkId },
        headers: { 'content-type': type, accept: '*/*' },
        text,
        ...(cookies && { cookies }),
      }),
      invocation(),
    );

  return {
    async newLink(wish: { owner: string; returnTo?: string }): Promise<string> {
      return (await startLink(start, { provider: 'allthingstalk', ...wish })).id;
    },

    /** A browser that opens a link, and keeps its cookies. */
    newBrowser() {
      const jar = new Map<string, string>();
      const keep = (result: APIGatewayProxyStructuredResultV2): Shown => {
        for (const cookie of result.cookies ?? []) {
          const [pair = ''] = cookie.split(';');
          const [name = '', value = ''] = pair.split('=');
          if (value === '') jar.delete(name);
          else jar.set(name, value);
        }
        return shown(result);
      };
      const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`);
      return {
        cookies,
        open: async (linkId: string) => keep(await get(linkId, 'text/html,*/*;q=0.8')),
        /** Fills in the form of a way, and sends it with all that it holds. */
        async submit({ page }: Shown, way: string, filled: Fields): Promise<Shown> {
          const form = page
            .querySelectorAll('form')
            .find((each) => each.querySelector(`input[name=way][value=${way}]`));
          const linkId = form?.getAttribute('action')?.split('/')[2] ?? '';
          const inputs = form?.querySelectorAll('input') ?? [];
          const held = inputs.map((input) => [
            input.getAttribute('name') ?? '',
            input.getAttribute('value') ?? '',
          ]);
          const body = new URLSearchParams({ ...Object.fromEntries(held), ...filled }).toString();
          return keep(await post(linkId, 'application/x-www-form-urlencoded', body, cookies()));
        },
      };
    },

    /** A program: what it sends and gets is JSON. */
    program: {
      ways: async (linkId: string) => json(await get(linkId, 'application/json')),
      send: async (linkId: string, body: unknown) =>
        json(await post(linkId, 'application/json', JSON.stringify(body))),
      sendText: async (linkId: string, text: string) => json(await post(linkId, 'application/json', text)),
    },
  };
}

function shown({ statusCode = 0, headers = {}, body = '' }: APIGatewayProxyStructuredResultV2): Shown {
  const page = parse(body);
  const plain = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return {
    status: statusCode,
    headers: Object.fromEntries(plain),
    html: body,
    page,
    alert: page.querySelector('[role=alert]')?.textContent,
  };
}

function json({ statusCode, headers, body = '' }: APIGatewayProxyStructuredResultV2) {
  const answer: unknown = JSON.parse(body);
  return { status: statusCode, type: headers?.['content-type'], json: answer };
}
