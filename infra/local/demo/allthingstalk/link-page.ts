/** Our own page, on which an owner links where the cloud has no consent page. */
import { parse } from 'node-html-parser';
import type { Page } from '../browser.ts';
import { expect, present, type Stage } from '../step.ts';

export interface OpenedLink {
  readonly linkId: string;
  readonly page: Page;
}

export async function openLink({ client, browser }: Stage, owner: string): Promise<OpenedLink> {
  const { id, url } = await client.startLink({ provider: 'allthingstalk', owner });
  return { linkId: id, page: await browser.visit(url) };
}

/** What the page says is wrong; the link can still be used. */
export async function refusedOn({ client }: Stage, linkId: string, page: Page): Promise<string> {
  const alert = present(
    parse(page.text).querySelector('[role=alert] p') ?? undefined,
    'a problem on the page',
  );
  expect(page.status >= 400, `the page has status ${page.status}`);
  const { status } = await client.showLink(linkId);
  expect(status === 'pending', `the link is ${status}`);
  return alert.text.trim();
}

/** The account that the page has linked. */
export async function linkedOn({ client }: Stage, linkId: string, page: Page): Promise<string> {
  expect(page.status === 200, `the page has status ${page.status}: ${page.text}`);
  const { status, accountId } = await client.showLink(linkId);
  expect(status === 'linked', `the link is ${status}`);
  return present(accountId, 'an account');
}
