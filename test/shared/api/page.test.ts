import { createHash } from 'node:crypto';
import { parse } from 'node-html-parser';
import { expect, test } from 'vitest';
import { linkedPage, pageHeaders, problemPage } from '../../../shared/api/page.ts';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { toProblem } from '../../../shared/domain/problem.ts';

const EVIL = `<script>alert("x")</script><img src=x onerror='y'>&amp;`;
const evilProblem = toProblem(new LatchkeyError('link_refused', EVIL, { details: { remedy: EVIL } }));

test('allows by its policy exactly the style that is in the page', () => {
  const { textContent } = parse(linkedPage('legrand')).querySelector('style') ?? {};
  const hash = createHash('sha256')
    .update(textContent ?? '')
    .digest('base64');
  expect(pageHeaders['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
});

test('allows nothing else: no scripts, no frames, no other sites, no cache', () => {
  const policy = pageHeaders['content-security-policy']?.split('; ') ?? [];
  expect(policy).toEqual(
    expect.arrayContaining(["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]),
  );
  expect(policy.join()).not.toMatch(/unsafe|\*|https?:/);
  expect(pageHeaders).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
});

test.each([
  ['a linked account', linkedPage('legrand')],
  ['an account with rules to make', linkedPage('allthingstalk', { url: EVIL, bodyTemplate: EVIL })],
  ['a problem', problemPage(evilProblem)],
])('needs no script and no inline style for %s', (_, html) => {
  const page = parse(html);
  expect(page.querySelectorAll('script, [style], [onload], [onerror], link, img')).toEqual([]);
  expect(page.querySelectorAll('style')).toHaveLength(1);
  expect(page.querySelector('html')?.getAttribute('lang')).toBe('en');
  expect(page.querySelector('title')?.textContent).toBe(page.querySelector('h1')?.textContent);
});

test('shows text as text, wherever it came from', () => {
  const html = problemPage(evilProblem);
  expect(html).not.toMatch(/<script|<img|onerror='/);
  expect(html).toContain('&#60;script&#62;alert(&#34;x&#34;)');
  expect(html).toContain('&#38;amp;');
});

test('names the provider as its customers know it', () => {
  expect(linkedPage('legrand')).toContain('Your Legrand account is linked.');
  expect(linkedPage('netatmo')).toContain('Your Netatmo account is linked.');
});

test('shows the owner what a rule is made with, where one has to be made by hand', () => {
  const byHand = { url: 'https://home.example/webhooks/x', bodyTemplate: '{"value":"{{value}}"}' };
  const shown = parse(linkedPage('allthingstalk', byHand)).querySelectorAll('code');
  expect(shown.map(({ text }) => text.replaceAll('&#34;', '"'))).toEqual([byHand.url, byHand.bodyTemplate]);
  expect(parse(linkedPage('legrand')).querySelectorAll('code')).toEqual([]);
});

test('tells a person what went wrong, what to do, and the operator the code', () => {
  const error = new LatchkeyError('link_refused', 'the owner did not give consent', {
    details: { remedy: 'Start the link again and allow access.' },
  });
  const text = parse(problemPage(toProblem(error))).querySelector('body')?.structuredText;
  expect(text).toBe(
    [
      'The account was not linked',
      'The owner did not give consent.',
      'Start the link again and allow access.',
      'link_refused',
    ].join('\n'),
  );
});

test("keeps the operator's remedy from the person in front of the page", () => {
  const details = { remedy: 'Check the client secret in the app secret.' };
  const html = problemPage(toProblem(new LatchkeyError('config_invalid', 'secret has expired', { details })));
  expect(html).not.toContain('secret');
  expect(html).toContain('Please try again later.');
});

test('says of what happened inside no more than that', () => {
  const html = problemPage(toProblem(new LatchkeyError('internal_error', 'password is hunter2')));
  expect(html).not.toContain('hunter2');
  expect(html).toContain('Latchkey failed');
});
