/** Each point of which the contract is not certain (section 8), with what its switch changes. */
import { describe, expect, it } from 'vitest';
import { sim } from '../sim.ts';
import { receiveWebhooks } from '../webhook-receiver.ts';
import {
  apiOf,
  assetIdOf,
  assetPath,
  BLIND,
  CAMERA,
  CASEY,
  type CallApi,
  challenge,
  codeOf,
  DOORBELL,
  groundApi,
  HOUSE,
  HOUSE_TOKEN,
  LAMP,
  login,
  NODE,
  pointsOf,
  ROBIN,
  refresh,
  STATISTICS,
  set,
  signIn,
  stateOf,
  tokensOf,
  userApi,
  verify,
} from './allthingstalk-client.ts';
import { startCloud } from './start-cloud.ts';

const MOTION = assetPath(NODE, 'motion');
const write = (api: CallApi, value: unknown, at?: string) =>
  api('PUT', `${MOTION}/state`, { value, ...(at !== undefined && { at }) });

describe('switches of the login', () => {
  it.each([400, 401])('1. let the challenge come with %i', async (status) => {
    const cloud = await startCloud();
    await set(cloud, { mfaChallengeStatus: status as 400 | 401 });
    const answer = await signIn(cloud, CASEY);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ MfaUid: expect.any(String), UserId: expect.any(String) });
  });

  it.each([
    ['MfaUid', 'UserId', 'VerificationCode'],
    ['mfauid', 'userid', 'verificationCode'],
    ['MFAUID', 'userId', 'verification_code'],
    ['mfaUid', 'USERID', 'CODE'],
  ])('2. take the second step as %s, %s and %s', async (mfaName, userName, codeName) => {
    const cloud = await startCloud();
    const { MfaUid, UserId } = await challenge(cloud);
    const fields = { [mfaName]: MfaUid, [userName]: UserId, [codeName]: await codeOf(cloud) };
    expect((await login(cloud, fields)).status).toBe(200);
  });

  it('2. want one spelling of the code, or the password again', async () => {
    const cloud = await startCloud();
    await set(cloud, { mfaCodeField: 'verification_code' });
    expect((await verify(cloud)).status).toBe(400);
    const code = await codeOf(cloud);
    expect((await verify(cloud, { verification_code: code })).status).toBe(200);
    await set(cloud, { mfaCodeField: 'any', mfaPasswordAgain: 'required' });
    expect((await verify(cloud)).status).toBe(400);
    expect((await verify(cloud, CASEY)).status).toBe(200);
  });

  it('3. ask for no code, or for one of everybody', async () => {
    const cloud = await startCloud();
    await set(cloud, { mfaRequired: 'nobody' });
    expect(await (await signIn(cloud, CASEY)).json()).toHaveProperty('access_token');
    await set(cloud, { mfaRequired: 'everyone' });
    expect((await signIn(cloud, ROBIN)).status).toBe(400);
  });

  it('4. let the lifetimes contradict each other as in the sample of the vendor', async () => {
    const cloud = await startCloud();
    await set(cloud, { expiresSkewSeconds: 86_400 - 3599 });
    const tokens = await tokensOf(signIn(cloud, ROBIN));
    expect(tokens).toMatchObject({ expires_in: 3599, '.expires': 'Fri, 16 Jan 2026 17:00:00 GMT' });
    await cloud.advance(3599);
    expect((await apiOf(cloud, tokens.access_token)('GET', '/me')).status).toBe(401);
    await set(cloud, { accessLifeSeconds: 60 });
    expect(await tokensOf(signIn(cloud, ROBIN))).toMatchObject({ expires_in: 60 });
  });

  it('5. keep the refresh token, or take the old one as well, or let it die sooner', async () => {
    const cloud = await startCloud();
    await set(cloud, { oldRefresh: 'accepted' });
    const first = await tokensOf(signIn(cloud, ROBIN));
    const second = await tokensOf(refresh(cloud, first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await refresh(cloud, first.refresh_token)).status).toBe(200);
    await set(cloud, { rotateRefresh: false, oldRefresh: 'rejected' });
    const third = await tokensOf(refresh(cloud, second.refresh_token));
    expect(third.refresh_token).toBe(second.refresh_token);
    expect((await refresh(cloud, first.refresh_token)).status).toBe(400);
    await set(cloud, { refreshLifeSeconds: 10 });
    const short = await tokensOf(signIn(cloud, ROBIN));
    await cloud.advance(10);
    expect((await refresh(cloud, short.refresh_token)).status).toBe(400);
  });
});

describe('switches of the gate', () => {
  it.each([
    ['message', { message: 'Device not found.' }],
    ['capital_message', { Message: 'Device not found.' }],
    ['status_error', { status: 404, error: 'Device not found.' }],
    ['oauth', { error: 'invalid_request', error_description: 'Device not found.' }],
    ['html', undefined],
  ] as const)('6. let errors look like %s', async (errorForm, body) => {
    const cloud = await startCloud();
    await set(cloud, { errorForm, unauthorizedText: 'Who?' });
    const answer = await groundApi(cloud)('GET', '/device/none');
    expect([answer.status, answer.json]).toEqual([404, body]);
    expect(answer.text).toContain('Device not found.');
    expect((await apiOf(cloud, 'x')('GET', '/me')).text).toContain('Who?');
  });

  it('7. refuse a token without its space', async () => {
    const cloud = await startCloud();
    const bare = apiOf(cloud, HOUSE_TOKEN.replace('maker:', ''));
    expect((await bare('GET', `/device/${NODE}`)).status).toBe(200);
    await set(cloud, { acceptBareSecret: false });
    expect((await bare('GET', `/device/${NODE}`)).status).toBe(401);
    expect((await groundApi(cloud)('GET', `/device/${NODE}`)).status).toBe(200);
  });

  it.each(['/me', '/me/grounds', '/devices'])('8. answer a ground token at %s with 401', async (path) => {
    const cloud = await startCloud();
    expect((await groundApi(cloud)('GET', path)).status).toBe(403);
    await set(cloud, { userRoutesStatus: 401 });
    expect((await groundApi(cloud)('GET', path)).status).toBe(401);
  });

  it('23. limit the calls of one token in a minute', async () => {
    const cloud = await startCloud();
    await set(cloud, { callsPerMinute: 2 });
    const api = groundApi(cloud);
    const call = () => api('GET', `/device/${NODE}`);
    expect([(await call()).status, (await call()).status]).toEqual([200, 200]);
    await cloud.advance(20);
    const refused = await call();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
    await cloud.advance(40);
    expect((await call()).status).toBe(200);
  });

  it('27. serve what is declared', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud);
    expect((await api('GET', '/grounds')).status).toBe(404);
    await set(cloud, { undocumentedRoutes: ['list_grounds'] });
    expect((await api('GET', '/grounds')).status).toBe(200);
    expect((await api('GET', `/ground/${HOUSE}`)).status).toBe(404);
  });
});

describe('switches of writing', () => {
  it('9. answer a written state without a body', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await set(cloud, { stateWriteAnswer: 'empty' });
    expect(await write(api, true)).toMatchObject({ status: 200, text: '' });
    await set(cloud, { stateWriteAnswer: 'no_content' });
    expect(await write(api, false)).toMatchObject({ status: 204, text: '' });
    expect((await api('PUT', `/device/${NODE}/state`, { motion: { value: true } })).status).toBe(204);
    expect(await stateOf(api, NODE, 'motion')).toMatchObject({ value: true });
  });

  it('10. keep a command for a device that is not there, or answer it in another way', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await set(cloud, { offlineCommands: 'queued', commandStatus: 204 });
    const sent = await api('PUT', `${assetPath(BLIND, 'position')}/command`, { value: 10 });
    expect(sent.status).toBe(204);
    await cloud.advance(3600);
    expect(await stateOf(api, BLIND, 'position')).toMatchObject({ value: 100 });
    await sim(cloud, 'POST', '/device', { deviceId: BLIND, online: true });
    await cloud.advance(20);
    expect(await stateOf(api, BLIND, 'position')).toEqual({ at: '2026-01-15T18:00:20Z', value: 10 });
  });

  it('11. make commands states at once, or never, or echo them for every device', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const command = (deviceId: string, name: string, value: unknown) =>
      api('PUT', `${assetPath(deviceId, name)}/command`, { value });
    await set(cloud, { commandSetsState: 'always' });
    await command(CAMERA, 'siren', true);
    expect(await stateOf(api, CAMERA, 'siren')).toMatchObject({ value: true });
    await set(cloud, { commandSetsState: 'never' });
    await command(STATISTICS, 'note', 'Changed');
    expect(await stateOf(api, STATISTICS, 'note')).toMatchObject({ value: 'All is well' });
    await set(cloud, { autoEcho: true, autoEchoDelaySeconds: 7 });
    await command(CAMERA, 'siren', false);
    await cloud.advance(7);
    expect(await stateOf(api, CAMERA, 'siren')).toEqual({ at: '2026-01-15T17:00:07Z', value: false });
  });

  it('12. check values strictly, or not at all', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    expect((await write(api, 'true')).json).toMatchObject({ value: true });
    await set(cloud, { validation: 'strict' });
    expect((await write(api, 'true')).status).toBe(400);
    await set(cloud, { validation: 'none' });
    expect((await write(api, 'perhaps')).json).toMatchObject({ value: 'perhaps' });
  });

  it('13. refuse several values together when one is wrong', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const unknown = { motion: { value: true }, ghost: { value: 1 } };
    const invalid = { motion: { value: true }, 'Battery Level': { value: 101 }, humidity: 47 };
    await set(cloud, { bulkWrite: 'atomic' });
    expect((await api('PUT', `/device/${NODE}/state`, unknown)).status).toBe(404);
    expect((await api('PUT', `/device/${NODE}/state`, invalid)).status).toBe(400);
    expect(await stateOf(api, NODE, 'motion')).toBeNull();
    await set(cloud, { bulkWrite: 'partial' });
    expect((await api('PUT', `/device/${NODE}/state`, unknown)).status).toBe(200);
    expect((await api('PUT', `/device/${NODE}/state`, invalid)).json).toEqual({
      motion: { at: '2026-01-15T17:00:00Z', value: true },
    });
  });

  it('20. let an older value become the current one', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await write(api, true);
    await write(api, false, '2026-01-15T16:00:00Z');
    expect(await stateOf(api, NODE, 'motion')).toMatchObject({ value: true });
    await set(cloud, { olderState: 'becomes_current' });
    expect(await stateOf(api, NODE, 'motion')).toEqual({ at: '2026-01-15T16:00:00Z', value: false });
  });

  it('21. keep two values of the same time', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const history = async () => pointsOf(await api('GET', `${MOTION}/states`)).map(({ data }) => data);
    await write(api, true);
    await write(api, false);
    expect(await history()).toEqual([false]);
    await set(cloud, { sameAt: 'both_kept' });
    await write(api, true);
    expect(await history()).toEqual([false, true]);
  });

  it('25. show what is written, and take what is new, only after a while', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await set(cloud, { readDelaySeconds: 5, newAssetDelaySeconds: 2 });
    await write(api, true);
    const seen = async () => [
      await stateOf(api, NODE, 'motion'),
      pointsOf(await api('GET', `${MOTION}/states`)).length,
    ];
    expect(await seen()).toEqual([null, 0]);
    await cloud.advance(5);
    expect(await seen()).toEqual([{ at: '2026-01-15T17:00:00Z', value: true }, 1]);
    const fresh = assetPath(NODE, 'fresh');
    expect((await api('PUT', fresh, {})).status).toBe(201);
    expect((await api('PUT', `${fresh}/state`, { value: 'a' })).status).toBe(404);
    expect((await api('PUT', fresh, { title: 'Fresh' })).status).toBe(200);
    await cloud.advance(2);
    expect((await api('PUT', `${fresh}/state`, { value: 'a' })).status).toBe(200);
  });

  it('28. keep meta that is sent', async () => {
    const cloud = await startCloud();
    const api = await userApi(cloud);
    const send = async () => (await api('PUT', `/device/${LAMP}`, { meta: { Room: 'study' } })).json;
    expect(await send()).toMatchObject({ meta: {} });
    await set(cloud, { metaWritable: true });
    expect(await send()).toMatchObject({ meta: { Room: 'study' } });
  });
});

describe('switches of reading', () => {
  const POWER = '/states?from=2026-01-15T16:40:00Z';

  it('14. order and count the history in other ways', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const read = () => api('GET', `${assetPath(NODE, 'humidity')}${POWER}`);
    const ascending = pointsOf(await read());
    expect(ascending).toHaveLength(3);
    expect(Object.keys((await read()).json as object)).toEqual(['data']);
    await set(cloud, { historyOrder: 'descending', historyMembers: 'paged', historyPageSize: 2 });
    expect((await read()).json).toEqual({
      data: ascending.toReversed().slice(0, 2),
      page: 0,
      pageSize: 2,
      total: 3,
    });
    await set(cloud, { historyTo: 'exclusive' });
    const upTo = await api('GET', `${assetPath(NODE, 'humidity')}${POWER}&to=2026-01-15T17:00:00Z`);
    expect(upTo.json).toMatchObject({ total: 2 });
  });

  const activity = async (api: CallApi, query: string) =>
    api('GET', `/asset/${await assetIdOf(api, LAMP, 'brightness')}/activity?${query}`);
  const THREE_HOURS = 'from=2026-01-15T15:00:00Z';

  it('15. page the activity, leave empty buckets out, and tell only the average', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await set(cloud, { activityPaging: 'paged', historyPageSize: 2 });
    expect(pointsOf(await activity(api, `${THREE_HOURS}&page=1`)).map(({ at }) => at)).toEqual([
      '2026-01-15T17:00:00Z',
    ]);
    await set(cloud, { emptyBuckets: 'omitted', activityFields: 'avg' });
    expect((await activity(api, THREE_HOURS)).json).toEqual({
      data: [{ at: '2026-01-15T16:00:00Z', data: { avg: 60 } }],
    });
  });

  it('16. know fewer resolutions, and answer with raw values for others', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await set(cloud, { resolutions: ['hour'] });
    expect((await activity(api, 'resolution=day')).status).toBe(400);
    await set(cloud, { unknownResolution: 'raw' });
    expect((await activity(api, 'resolution=day')).json).toEqual({
      data: [{ at: '2026-01-15T16:45:00Z', data: 60 }],
    });
  });

  it.each([
    ['null', { state: null }],
    ['null_members', { state: { at: null, value: null } }],
    ['missing', {}],
  ] as const)('17. show what was never reported as %s', async (neverReported, shown) => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await set(cloud, { neverReported });
    const id = await assetIdOf(api, NODE, 'motion');
    expect((await api('GET', `${MOTION}/state`)).json).toEqual({ id, ...shown });
    const { json } = await api('GET', `/device/${NODE}/state`);
    expect((json as Record<string, unknown>).motion).toEqual('state' in shown ? shown.state : undefined);
    const asset = (await api('GET', MOTION)).json as Record<string, unknown>;
    expect('state' in asset).toBe('state' in shown);
  });

  it('17. say 404 of what was never reported', async () => {
    const cloud = await startCloud();
    await set(cloud, { neverReportedStatus: 404 });
    expect((await groundApi(cloud)('GET', `${MOTION}/state`)).status).toBe(404);
    expect((await groundApi(cloud)('GET', `${assetPath(LAMP, 'on')}/state`)).status).toBe(200);
  });

  it('18. leave the wrapping of a state away', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await set(cloud, { stateForm: 'bare' });
    expect((await api('GET', `${assetPath(LAMP, 'on')}/state`)).json).toEqual({
      at: '2026-01-15T16:45:00Z',
      value: false,
    });
    expect((await api('GET', `${MOTION}/state`)).json).toBeNull();
  });

  it('19. say 404 of the history of a device that keeps none', async () => {
    const cloud = await startCloud();
    await set(cloud, { historyWithoutStorage: 'not_found' });
    const api = groundApi(cloud);
    expect((await api('GET', `${assetPath(DOORBELL, 'pressed')}/states`)).status).toBe(404);
    expect((await api('GET', `${MOTION}/states`)).status).toBe(200);
  });

  it('22. page the devices of a ground', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    const idsOf = async (query: string) =>
      ((await api('GET', `/ground/${HOUSE}/devices${query}`)).json as { items: { id: string }[] }).items.map(
        ({ id }) => id,
      );
    const all = await idsOf('');
    await set(cloud, { devicesPerPage: 5 });
    expect(await idsOf('')).toEqual(all.slice(0, 5));
    expect(await idsOf('?page=1')).toEqual(all.slice(5));
    expect(await idsOf('?page=2')).toEqual([]);
  });

  it('26. leave the state inside of other documents behind', async () => {
    const cloud = await startCloud();
    const api = groundApi(cloud);
    await set(cloud, { embeddedLagSeconds: 60 });
    await write(api, true);
    const embedded = async () => ((await api('GET', MOTION)).json as { state: unknown }).state;
    expect(await embedded()).toBeNull();
    expect(await stateOf(api, NODE, 'motion')).toMatchObject({ value: true });
    await cloud.advance(60);
    expect(await embedded()).toMatchObject({ value: true });
  });
});

describe('switches of rules', () => {
  it('24. make more than one attempt, some time apart', async () => {
    const cloud = await startCloud();
    const receiver = await receiveWebhooks();
    receiver.status = 500;
    const api = groundApi(cloud);
    const assetId = await assetIdOf(api, NODE, 'motion');
    await sim(cloud, 'POST', '/rules', { assetId, url: receiver.url });
    await write(api, true);
    await cloud.advance(120);
    expect(receiver.bodies).toHaveLength(1);
    await set(cloud, { webhookAttempts: 3, webhookRetrySeconds: 10 });
    await write(api, false);
    await cloud.advance(9);
    expect(receiver.bodies).toHaveLength(2);
    await cloud.advance(120);
    expect(receiver.bodies).toHaveLength(4);
  });
});
