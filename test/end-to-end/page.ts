/** What a person reads on a page of Latchkey's. */
import { parse } from 'node-html-parser';
import { expect } from 'vitest';
import type { Page } from '../../infra/local/demo/browser.ts';

/** Expects a page that says this, that nobody can frame, and that runs and loads nothing. */
export function expectPage(
  page: Page,
  wanted: { status: number; title: string; code?: string; says?: RegExp },
): void {
  const main = parse(page.text).querySelector('main');
  const code = main?.querySelector('small')?.text;
  expect({ status: page.status, title: main?.querySelector('h1')?.text, code }).toEqual({
    status: wanted.status,
    title: wanted.title,
    code: wanted.code,
  });
  expect(main?.text).toMatch(wanted.says ?? /./);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; frame-ancestors 'none'; base-uri 'none'$/,
  );
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(page.text).not.toMatch(/<script|<img|<link/i);
}
