/** The pages that a person has in a browser: sign in with a code, tokens, rules, and the app that shows codes. */
import * as z from 'zod';
import { type Answer, redirect } from '../../simulation/answer.ts';
import type { Call, Route } from '../../simulation/router.ts';
import { meetChallenge, openChallenge } from '../login/challenge.ts';
import { findSigner, lacksAuthenticator, needsCode, WRONG_PASSWORD } from '../login/credentials.ts';
import { addToken, deleteToken } from '../login/static-tokens.ts';
import { addRule, NewRule, removeRule } from '../rules/rule-book.ts';
import type { User } from '../state.ts';
import { findDevice, findGround, findUserById, type World } from '../world.ts';
import { accountPage } from './account-page.ts';
import { authenticatorPage } from './authenticator-page.ts';
import { codePage, passwordPage } from './login-pages.ts';

export function accountRoutes(world: World): Route[] {
  const signedIn = (handle: (user: User, form: URLSearchParams) => Answer) => (call: Call) => {
    const user = findUserById(world, world.state.signedInUserId);
    return user ? handle(user, new URLSearchParams(call.body)) : redirect('/login', 303);
  };
  return [
    { method: 'GET', path: '/login', handle: () => passwordPage(world) },
    { method: 'POST', path: '/login/password', handle: ({ body }) => checkPassword(world, body) },
    {
      method: 'GET',
      path: '/login/code',
      handle: ({ query }) => codePage(query.get('MfaUid') ?? '', query.get('UserId') ?? ''),
    },
    { method: 'POST', path: '/login/code', handle: ({ body }) => checkCode(world, body) },
    { method: 'POST', path: '/logout', handle: () => signOut(world) },
    { method: 'GET', path: '/authenticator', handle: () => authenticatorPage(world) },
    { method: 'GET', path: '/account', handle: signedIn((user) => accountPage(world, user)) },
    {
      method: 'POST',
      path: '/account/tokens',
      handle: signedIn((user, form) => changed(world, user, () => generateToken(world, user, form))),
    },
    {
      method: 'POST',
      path: '/account/tokens/delete',
      handle: signedIn((user, form) => changed(world, user, () => dropToken(world, user, form))),
    },
    {
      method: 'POST',
      path: '/account/rules',
      handle: signedIn((user, form) => changed(world, user, () => createRule(world, user, form))),
    },
    {
      method: 'POST',
      path: '/account/rules/delete',
      handle: signedIn((user, form) => changed(world, user, () => dropRule(world, user, form))),
    },
  ];
}

function checkPassword(world: World, body: string): Answer {
  const form = new URLSearchParams(body);
  const userName = form.get('username') ?? '';
  const user = findSigner(world, userName, form.get('password') ?? '');
  if (!user) return passwordPage(world, userName, WRONG_PASSWORD);
  if (lacksAuthenticator(world, user))
    return passwordPage(world, userName, 'Multi-factor authentication has to be set up for this account.');
  if (!needsCode(world, user)) return signIn(world, user);
  const { mfaUid, userId } = openChallenge(world, user, 'web');
  return redirect(`/login/code?${new URLSearchParams({ MfaUid: mfaUid, UserId: userId })}`, 303);
}

function checkCode(world: World, body: string): Answer {
  const form = new URLSearchParams(body);
  const [mfaUid, userId] = [form.get('MfaUid') ?? '', form.get('UserId') ?? ''];
  const met = meetChallenge(world, { mfaUid, userId, code: form.get('VerificationCode') ?? '' });
  return 'refused' in met ? codePage(mfaUid, userId, met.refused) : signIn(world, met.user);
}

function signIn({ state }: World, { userId }: User): Answer {
  state.signedInUserId = userId;
  return redirect('/account', 303);
}

function signOut({ state }: World): Answer {
  state.signedInUserId = undefined;
  return redirect('/login', 303);
}

/** Back to the page, which says what went wrong if something did. */
function changed(world: World, user: User, change: () => void): Answer {
  try {
    change();
    return redirect('/account', 303);
  } catch (error) {
    if (error instanceof z.ZodError) return accountPage(world, user, z.prettifyError(error));
    if (error instanceof RangeError) return accountPage(world, user, error.message);
    throw error;
  }
}

function generateToken(world: World, user: User, form: URLSearchParams): void {
  const groundId = form.get('groundId');
  if (groundId !== null) {
    assertOwner(world, user, groundId);
    addToken(world, 'ground', groundId);
    return;
  }
  const deviceId = form.get('deviceId') ?? '';
  assertOwner(world, user, findDevice(world, deviceId)?.groundId);
  addToken(world, 'device', deviceId);
}

function dropToken(world: World, user: User, form: URLSearchParams): void {
  const tokenId = form.get('tokenId') ?? '';
  const held = world.state.staticTokens.find((token) => token.tokenId === tokenId);
  assertOwner(world, user, held?.kind === 'device' ? findDevice(world, held.ofId)?.groundId : held?.ofId);
  deleteToken(world, tokenId);
}

function createRule(world: World, user: User, form: URLSearchParams): void {
  const { groundId, headers = '', ...fields } = Object.fromEntries(form);
  assertOwner(world, user, groundId);
  addRule(world, NewRule.parse({ ...fields, headers: readHeaders(headers) }));
}

function dropRule(world: World, user: User, form: URLSearchParams): void {
  const ruleId = form.get('ruleId') ?? '';
  assertOwner(world, user, world.state.rules.find((rule) => rule.ruleId === ruleId)?.groundId);
  removeRule(world, ruleId);
}

/** `Name: value` on each line. */
function readHeaders(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).map((line) => /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(lines.flatMap((parts) => (parts?.[1] ? [[parts[1], parts[2] ?? '']] : [])));
}

function assertOwner(world: World, { userId }: User, groundId: string | undefined): void {
  const ground = groundId === undefined ? undefined : findGround(world, groundId);
  if (ground?.ownerId !== userId) throw new RangeError('That is none of yours.');
}
