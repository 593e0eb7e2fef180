/** Links at a cloud without a consent page: by a person on our page, and by a program, at the simulated AllThingsTalk. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import {
  type AllthingstalkCloud,
  createAllthingstalkCloud,
} from '../../../infra/local/providers/allthingstalk/cloud.ts';
import type { Settings } from '../../../infra/local/providers/allthingstalk/settings.ts';
import { showAccount } from '../../../shared/actions/manage-accounts.ts';
import { syncAccount } from '../../../shared/actions/sync-account.ts';
import { presentAccount } from '../../../shared/api/present.ts';
import { accountIdFor } from '../../../shared/domain/ids.ts';
import { allthingstalk } from '../../../shared/providers/allthingstalk/driver.ts';
import type { Provider } from '../../../shared/providers/provider.ts';
import { type ProviderRequest, sendOnce } from '../../../shared/providers/request.ts';
import { updateStanding } from '../../../shared/quota/call-standing.ts';
import {
  ATTIC,
  CABIN,
  CASEY,
  CASEY_ID,
  codeOf,
  HOUSE,
  HOUSE_TOKEN,
  NODE,
  NODE_TOKEN,
  ROBIN,
  ROBIN_ID,
  set,
  userApi,
} from '../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { sim } from '../../infra/local/providers/sim.ts';
import { useLinkBench } from '../actions/link-bench.ts';
import { openFront, type Shown } from './login-browser.ts';

const START = Date.parse('2026-01-15T17:00:00Z');
let nowMs = START;
let cloud: AllthingstalkCloud;
let provider: Provider;
const bench = useLinkBench(
  () => provider,
  (request) => {
    asked.push(request);
    return sendOnce(request);
  },
  () => nowMs,
);
let front: ReturnType<typeof openFront>;
/** All that reached the cloud. */
const asked: ProviderRequest[] = [];
/** All that was logged, by whatever way. */
const logged: string[] = [];

beforeAll(async () => {
  vi.stubEnv('LOG_LEVEL', 'DEBUG');
  cloud = await createAllthingstalkCloud({ now: () => nowMs });
  provider = allthingstalk({
    url: cloud.url,
    credentials: cloud.credentials,
    defaultTimeZone: 'Europe/Brussels',
  });
  const { start, complete } = bench();
  front = openFront({ ...start, returnToAllowed: ['https://app.example/', 'myapp://home'] }, complete);
});
beforeEach(() => {
  const note = (text: unknown) => logged.push(String(text)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(note);
  vi.spyOn(process.stderr, 'write').mockImplementation(note);
});
afterEach(async () => {
  vi.restoreAllMocks();
  cloud.faults.clear();
  await set(cloud, usual);
  nowMs = START;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.close();
});
const usual: Partial<Settings> = {
  mfaChallengeStatus: 200,
  mfaChallengeLifeSeconds: 300,
  mfaCodeField: 'any',
  userRoutesStatus: 403,
  errorForm: 'message',
};

let owners = 0;
async function open(returnTo?: string) {
  const owner = `owner-${++owners}`;
  const linkId = await front.newLink({ owner, ...(returnTo !== undefined && { returnTo }) });
  const browser = front.newBrowser();
  return { owner, linkId, browser, page: await browser.open(linkId) };
}
const statusOf = async (linkId: string) => (await bench().complete.store.links.get(linkId))?.status;
async function accountOf(owner: string, subject: string) {
  return await bench().complete.store.accounts.get(accountIdFor('allthingstalk', owner, subject));
}

describe('the page', () => {
  test('has a form for each way, whose fields all have labels, and no script', async () => {
    const { page, linkId } = await open();
    expect(page.status).toBe(200);
    const forms = page.page.querySelectorAll('form');
    expect(forms.map((form) => form.querySelector('input[name=way]')?.getAttribute('value'))).toEqual([
      'password',
      'plant_token',
      'module_token',
    ]);
    const ids = page.page.querySelectorAll('[id]').map((each) => each.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const form of forms) {
      expect(form.getAttribute('action')).toBe(`/link/${linkId}/credentials`);
      expect(form.getAttribute('method')).toBe('post');
      expect(page.page.querySelector(`h2#${form.getAttribute('aria-labelledby')}`)).not.toBeNull();
      for (const input of form.querySelectorAll('input:not([type=hidden])'))
        expect(form.querySelector(`label[for=${input.id}]`)?.innerText).toBeTruthy();
    }
    expect(page.page.querySelectorAll('script')).toEqual([]);
    expect(page.html).not.toMatch(/ on\w+=/);
    expect(page.page.querySelector('#login-password')?.getAttribute('type')).toBe('password');
  });

  test.each([
    [undefined, "form-action 'self'"],
    ['https://app.example/done?x=1', "form-action 'self' https://app.example"],
    ['myapp://home/linked', "form-action 'self' myapp:"],
  ])('lets its forms go to us, and on to where the link returns: %s', async (returnTo, directive) => {
    const { page } = await open(returnTo);
    const policy = page.headers['content-security-policy'] ?? '';
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining(["default-src 'none'", directive, "frame-ancestors 'none'"]),
    );
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  test('is told to programs as the ways there are, which binds the link to nobody', async () => {
    const linkId = await front.newLink({ owner: 'owner' });
    expect(await front.program.ways(linkId)).toMatchObject({
      status: 200,
      json: { provider: 'allthingstalk', ways: ['password', 'plant_token', 'module_token'] },
    });
    expect(await bench().complete.store.links.get(linkId)).not.toHaveProperty('stateHash');
  });
});

describe('by password', () => {
  test('without a code, the account is of the person', async () => {
    const { owner, linkId, browser, page } = await open();
    const end = await browser.submit(page, 'password', ROBIN);
    expect([end.status, end.page.querySelector('h1')?.innerText]).toEqual([200, 'Your account is linked']);
    expect(end.page.querySelectorAll('code')).toHaveLength(2);
    expect(browser.cookies()).toEqual([]);
    expect(await statusOf(linkId)).toBe('linked');
    expect(await accountOf(owner, ROBIN_ID)).toMatchObject({
      subject: ROBIN_ID,
      status: 'linked',
      linkedBy: { way: 'password' },
      scopes: [],
    });
  });

  test.each([200, 400, 401] as const)(
    'with the code of the authenticator, whose first step is answered %d',
    async (mfaChallengeStatus) => {
      await set(cloud, { mfaChallengeStatus });
      const { owner, browser, page } = await open('https://app.example/done');
      const second = await browser.submit(page, 'password', CASEY);
      expect([second.status, second.alert]).toEqual([200, undefined]);
      expect(second.page.querySelector('#login-code')?.getAttribute('autocomplete')).toBe('one-time-code');
      const end = await browser.submit(second, 'code', { code: await codeOf(cloud) });
      expect(end.status).toBe(303);
      const location = new URL(end.headers.location ?? '');
      expect(location.origin + location.pathname).toBe('https://app.example/done');
      const account = await accountOf(owner, CASEY_ID);
      expect(location.searchParams.get('account')).toBe(account?.accountId);
    },
  );

  test.each(['VerificationCode', 'verification_code', 'code'] as const)(
    'with the code in the field %s alone',
    async (mfaCodeField) => {
      await set(cloud, { mfaCodeField });
      const { owner, browser, page } = await open();
      const second = await browser.submit(page, 'password', CASEY);
      await browser.submit(second, 'code', { code: ` ${await codeOf(cloud)} ` });
      expect(await accountOf(owner, CASEY_ID)).toBeDefined();
    },
  );

  test('what is wrong is said on the page, and the link can still be used', async () => {
    const { owner, linkId, browser, page } = await open();
    const wrong = await browser.submit(page, 'password', { ...CASEY, password: 'geheim"><b>' });
    expect(wrong.status).toBe(403);
    expect(wrong.alert).toContain('The user name or the password is not correct.');
    expect(wrong.page.querySelector('#login-username')?.getAttribute('value')).toBe('casey');
    expect(wrong.html).not.toContain('geheim');

    const second = await browser.submit(wrong, 'password', CASEY);
    const mistyped = await browser.submit(second, 'code', { code: '000000' });
    expect([mistyped.status, mistyped.alert]).toEqual([
      403,
      expect.stringContaining('The verification code is not correct.'),
    ]);
    expect(await statusOf(linkId)).toBe('pending');
    await browser.submit(mistyped, 'code', { code: await codeOf(cloud) });
    expect(await accountOf(owner, CASEY_ID)).toBeDefined();
  });

  test('a challenge that has expired is called so, and one signs in again', async () => {
    await set(cloud, { mfaChallengeLifeSeconds: 60 });
    const { owner, linkId, browser, page } = await open();
    const second = await browser.submit(page, 'password', CASEY);
    nowMs += 61_000;
    const late = await browser.submit(second, 'code', { code: await codeOf(cloud) });
    expect(late.alert).toContain('The verification has expired.');
    const again = late.page.querySelector('a')?.getAttribute('href');
    expect(again).toBe(`/link/${linkId}`);
    const anew = await browser.submit(await browser.open(linkId), 'password', CASEY);
    await browser.submit(anew, 'code', { code: await codeOf(cloud) });
    expect(await accountOf(owner, CASEY_ID)).toBeDefined();
  });

  test.each([
    ['connection_reset', undefined, 503, 'gave no answer'],
    ['html_error', { status: 503 }, 503, 'login is not available'],
    ['throttled', { retryAfterSeconds: 30 }, 429, 'no more logins for now'],
    ['token_without', { fields: 'access_token' }, 502, 'cannot be read'],
    ['token_without', { fields: 'refresh_token' }, 502, 'no refresh token'],
  ] as const)(
    'where the cloud does not answer (%s %j), one tries again',
    async (name, parameters, status, says) => {
      const { owner, linkId, browser, page } = await open();
      cloud.faults.set({ name, on: 'login', ...(parameters && { parameters }) } as never);
      const failed = await browser.submit(page, 'password', ROBIN);
      expect([failed.status, failed.alert]).toEqual([status, expect.stringContaining(says)]);
      expect(await statusOf(linkId)).toBe('pending');
      cloud.faults.clear();
      await browser.submit(failed, 'password', ROBIN);
      expect(await accountOf(owner, ROBIN_ID)).toBeDefined();
    },
  );
});

describe('by a pasted token', () => {
  test.each([
    ['plant_token', HOUSE, HOUSE_TOKEN],
    ['plant_token', HOUSE, ` Bearer ${HOUSE_TOKEN}\n`],
    ['plant_token', HOUSE, HOUSE_TOKEN.slice('maker:'.length)],
    ['module_token', NODE, NODE_TOKEN],
  ])('%s for %s: the account is of what it opens, and it is kept as it is: %j', async (way, id, token) => {
    const { owner, browser, page } = await open();
    const end = await browser.submit(page, way, { id: ` ${id} `, token });
    expect(end.alert).toBeUndefined();
    const account = await accountOf(owner, id);
    expect(account).toMatchObject({ subject: id, status: 'linked', linkedBy: { way, nativeId: id } });
    const sent = await bench()
      .complete.vault.session(account?.accountId ?? '')
      .send({ method: 'GET', url: `${cloud.url}/device/${NODE}` });
    expect(sent.status).toBe(200);
  });

  test.each([
    ['a device token as a ground token', 'plant_token', NODE, NODE_TOKEN, 'This is a device token'],
    ['a device token with the id of a ground', 'plant_token', HOUSE, NODE_TOKEN, 'If it is a device token'],
    ['a ground token for a device', 'module_token', NODE, HOUSE_TOKEN, 'This is a ground token'],
    ['a ground token as a device token', 'module_token', HOUSE, HOUSE_TOKEN, 'This is a ground token'],
    ['a ground token for another ground', 'plant_token', CABIN, HOUSE_TOKEN, 'does not open this ground'],
    ['a ground token with the id of a device', 'plant_token', NODE, HOUSE_TOKEN, "Check the ground's id"],
    ['a device token for another device', 'module_token', ATTIC, NODE_TOKEN, 'does not open this device'],
    ['an id of nothing', 'module_token', 'A'.repeat(24), NODE_TOKEN, 'does not open this device'],
    ['a token that was deleted', 'plant_token', HOUSE, `${HOUSE_TOKEN}x`, 'does not know this token'],
  ])('%s is told for what it is', async (_, way, id, token, says) => {
    const { linkId, browser, page } = await open();
    const refused = await browser.submit(page, way, { id, token });
    expect([refused.status, refused.alert]).toEqual([403, expect.stringContaining(says)]);
    expect(refused.page.querySelector(`#${way}-id`)?.getAttribute('value')).toBe(id);
    expect(refused.html).not.toContain(token.slice(-20));
    expect(await statusOf(linkId)).toBe('pending');
  });

  test.each([403, 401] as const)(
    'a token of a user is told for what it is, and others are not taken for one (%d)',
    async (userRoutesStatus) => {
      await set(cloud, { userRoutesStatus });
      const api = await userApi(cloud, ROBIN);
      expect((await api('GET', '/me')).status).toBe(200);
      const login = await fetch(`${cloud.url}/login`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'password', client_id: 'web', ...ROBIN }),
      });
      const { access_token: token } = z.object({ access_token: z.string() }).parse(await login.json());
      const { browser, page } = await open();
      const refused = await browser.submit(page, 'plant_token', { id: CABIN, token });
      expect(refused.alert).toContain('the access token of a user');
      const end = await browser.submit(refused, 'plant_token', { id: HOUSE, token: HOUSE_TOKEN });
      expect(end.alert).toBeUndefined();
    },
  );

  test.each([
    ['id', { id: '../me', token: HOUSE_TOKEN }],
    ['token', { id: HOUSE, token: 'two words' }],
  ])('an impossible %s is asked of nobody', async (field, entered) => {
    const { browser, page } = await open();
    const before = asked.length;
    const refused = await browser.submit(page, 'plant_token', entered);
    expect([refused.status, refused.alert]).toEqual([
      400,
      expect.stringMatching(new RegExp(`${field}: is not`, 'i')),
    ]);
    expect(asked).toHaveLength(before);
  });
});

describe('nobody but the browser that opened the link', () => {
  const fields = { id: HOUSE, token: HOUSE_TOKEN };
  const refusedTo = (answer: Shown) => [answer.status, answer.page.querySelector('small')?.innerText];

  test('can use its page: not one without its cookie', async () => {
    const { linkId, page } = await open();
    const stranger = front.newBrowser();
    expect(refusedTo(await stranger.submit(page, 'plant_token', fields))).toEqual([403, 'link_refused']);
    expect(await statusOf(linkId)).toBe('pending');
  });

  test('can use it: not with the state of another page, nor the page as it was before it was opened anew', async () => {
    const { linkId, browser, page } = await open();
    const refused = await browser.submit(page, 'plant_token', { ...fields, state: `${linkId}.guess` });
    expect(refusedTo(refused)).toEqual([403, 'link_refused']);
    const latest = await browser.open(linkId);
    expect(refusedTo(await browser.submit(page, 'plant_token', fields))).toEqual([403, 'link_refused']);
    expect((await browser.submit(latest, 'plant_token', fields)).status).toBe(200);
  });

  test('can use it: not a program, once it is open', async () => {
    const { linkId } = await open();
    expect(await front.program.send(linkId, { way: 'plant_token', ...fields })).toMatchObject({
      status: 403,
      type: 'application/problem+json',
      json: { code: 'link_refused' },
    });
  });

  test('can send the form of a link that no browser has opened', async () => {
    const { page } = await open();
    const linkId = await front.newLink({ owner: 'owner' });
    page.page.querySelector('form')?.setAttribute('action', `/link/${linkId}/credentials`);
    const answer = await front.newBrowser().submit(page, 'password', ROBIN);
    expect(refusedTo(answer)).toEqual([403, 'link_refused']);
  });

  test('and not even that one, when it is used or over', async () => {
    const { browser, page, linkId } = await open();
    await browser.submit(page, 'plant_token', fields);
    expect(refusedTo(await browser.submit(page, 'plant_token', fields))).toEqual([410, 'link_expired']);
    expect(refusedTo(await browser.open(linkId))).toEqual([410, 'link_expired']);
    const late = await open();
    nowMs += 600_000;
    expect(refusedTo(await late.browser.submit(late.page, 'plant_token', fields))).toEqual([
      410,
      'link_expired',
    ]);
  });
});

describe('a program', () => {
  test('links with nothing but the id of the link', async () => {
    const linkId = await front.newLink({ owner: 'program' });
    const { json } = await front.program.send(linkId, { way: 'password', ...CASEY });
    const { challenge } = z.object({ status: z.literal('code_required'), challenge: z.string() }).parse(json);
    expect(await front.program.send(linkId, { way: 'code', challenge, code: '000000' })).toMatchObject({
      status: 403,
      json: { code: 'credentials_refused' },
    });
    const code = await codeOf(cloud);
    expect(await front.program.send(linkId, { way: 'code', challenge, code })).toMatchObject({
      status: 200,
      json: { status: 'linked', accountId: accountIdFor('allthingstalk', 'program', CASEY_ID) },
    });
  });

  test('links once, however many send at the same time', async () => {
    const linkId = await front.newLink({ owner: 'racer' });
    const body = { way: 'plant_token', id: HOUSE, token: HOUSE_TOKEN };
    const answers = await Promise.all([1, 2, 3, 4].map(() => front.program.send(linkId, body)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 410, 410, 410]);
  });

  test.each([
    ['no JSON', '{"way":"password","username":"casey","password":"geheim', 'body'],
    ['a way that there is not', '{"way":"magic"}', 'way'],
    ['a challenge of its own', '{"way":"code","challenge":"mine","code":"123456"}', 'challenge'],
    ['more than there is', '{"way":"plant_token","id":"x","token":"y","also":"z"}', 'body'],
  ])('is refused with %s', async (_, text, field) => {
    const linkId = await front.newLink({ owner: 'program' });
    const { status, json } = await front.program.sendText(linkId, text);
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'request_invalid', fields: { [field]: expect.any(String) } });
    expect(JSON.stringify(json)).not.toContain('geheim');
  });
});

describe('the tokens of a user', () => {
  async function linked() {
    const { owner, browser, page } = await open();
    await browser.submit(page, 'password', ROBIN);
    const { accountId } = (await accountOf(owner, ROBIN_ID)) ?? { accountId: '' };
    const { store, vault } = bench().complete;
    return { accountId, vault, pointer: () => store.pointers.get(accountId) };
  }

  test('live an hour and sixty days, whatever `.expires` says', async () => {
    await set(cloud, { expiresSkewSeconds: 86_400 });
    const { pointer } = await linked();
    expect(await pointer()).toMatchObject({
      accessExpiresAt: new Date(START + 3_599_000).toISOString(),
      refreshExpiresAt: new Date(START + 60 * 86_400_000).toISOString(),
    });
  });

  test('are exchanged for the next without a code, again and again', async () => {
    const { accountId, vault } = await linked();
    for (const knownGeneration of [1, 2, 3]) {
      const outcome = await vault.rotate(accountId, { knownGeneration });
      expect(outcome.kind).toBe('rotated');
    }
    const answer = await vault.session(accountId).send({ method: 'GET', url: `${cloud.url}/me` });
    expect(answer.status).toBe(200);
  });
});

test('a password, a code and a challenge are nowhere afterwards, and a token is only where tokens are kept', async () => {
  await set(cloud, { mfaChallengeLifeSeconds: 600 });
  const { browser, page, linkId } = await open();
  const wrong = await browser.submit(page, 'password', { username: 'casey', password: 'wrong-secret-1' });
  const second = await browser.submit(wrong, 'password', CASEY);
  const mistyped = await browser.submit(second, 'code', { code: '987654' });
  cloud.faults.set({ name: 'connection_reset', on: 'login' });
  await browser.submit(mistyped, 'code', { code: '876543' });
  cloud.faults.clear();
  const code = await codeOf(cloud);
  const challenge = second.page.querySelector('input[name=challenge]')?.getAttribute('value') ?? '';
  expect(challenge).toContain('MfaUid=');
  await browser.submit(mistyped, 'code', { code });
  expect(await statusOf(linkId)).toBe('linked');
  cloud.faults.set({ name: 'html_error', on: 'login' });
  const another = await front.newLink({ owner: 'program' });
  expect((await front.program.send(another, { way: 'password', ...CASEY })).status).toBe(503);
  expect(logged.join()).toContain('request failed');

  const { aws } = bench();
  const { Items } = await aws.dynamodb.send(new ScanCommand({ TableName: aws.tableName }));
  const { SecretList = [] } = await aws.secretsManager.send(new ListSecretsCommand({}));
  const secrets = await Promise.all(
    SecretList.map(async ({ ARN }) =>
      JSON.stringify(await aws.secretsManager.send(new GetSecretValueCommand({ SecretId: ARN }))),
    ),
  );
  const table = JSON.stringify(Items);
  expect(table).toContain(linkId);
  expect(secrets.join()).toContain('accessToken');
  const uid = new URLSearchParams(challenge).get('MfaUid') ?? 'none';
  const entered = [
    CASEY.password,
    encodeURIComponent(CASEY.password),
    'wrong-secret-1',
    '987654',
    '876543',
    `"${code}"`,
    uid,
  ];
  for (const place of [table, secrets.join(), logged.join('\n')])
    for (const secret of entered) expect(place).not.toContain(secret);
  for (const place of [table, logged.join('\n')])
    for (const token of [HOUSE_TOKEN, NODE_TOKEN]) expect(place).not.toContain(token.split(':')[1]);
});

test('a token that is deleted ends the account with its daily sync, in words of its own; a new link heals it', async () => {
  const { owner, browser, page } = await open();
  const added = await sim(cloud, 'POST', '/tokens', { groundId: HOUSE });
  const { tokenId, text: token } = z
    .object({ tokenId: z.string(), text: z.string() })
    .parse(await added.json());
  await browser.submit(page, 'plant_token', { id: HOUSE, token });
  const { accountId } = (await accountOf(owner, HOUSE)) ?? { accountId: '' };
  const { complete } = bench();
  /** As project-changes does when the pointer has changed. */
  const viewOf = async () => {
    await updateStanding(complete.store, accountId);
    return presentAccount(await showAccount(complete, accountId));
  };
  expect(await viewOf()).toMatchObject({
    status: 'linked',
    health: { state: 'good', next: expect.stringContaining('tried every day') },
    tokens: { generation: 1 },
  });
  await sim(cloud, 'DELETE', `/tokens/${tokenId}`);
  nowMs += 86_400_000;
  await syncAccount(complete, accountId);
  expect(await viewOf()).toMatchObject({
    status: 'reauth_required',
    health: {
      state: 'failed',
      cause: 'token_deleted',
      actor: 'owner',
      explanation: expect.stringContaining('deleted it there'),
    },
  });

  const again = front.newBrowser();
  const linkId = await front.newLink({ owner });
  await again.submit(await again.open(linkId), 'plant_token', { id: HOUSE, token: HOUSE_TOKEN });
  expect(await viewOf()).toMatchObject({ status: 'linked', health: { state: 'good' } });
  expect(await complete.store.plants.ofAccount(accountId)).toMatchObject([{ nativeId: HOUSE }]);
});
