/** Every route, asked with every kind of token, with every scope, about what is its own, its neighbour's and a stranger's. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../infra/local/demo/client.ts';
import type { Route } from '../../shared/api/route.ts';
import { routes } from '../../shared/api/routes.ts';
import { CreatedTokenView } from '../../shared/api/views.ts';
import { Scope } from '../../shared/domain/scope.ts';
import { useBench } from './bench.ts';
import { linkHome } from './home.ts';
import { present } from './until.ts';

const bench = await useBench();
const { api, client } = bench;

type Kind = 'workspace' | 'plant' | 'module';
/** The token's own plant and module, others of the same account, those of another account, and such as never were. */
type Whose = 'own' | 'neighbour' | 'stranger' | 'nobody';
interface Things {
  readonly accountId: string;
  readonly plantId: string;
  readonly moduleId: string;
  readonly commandId: string;
}

const things: Partial<Record<Whose, Things>> = {};
const bearers = new Map<string, string>();

const scopeSets: readonly (readonly Scope[])[] = [
  ['comfort.read'],
  ['comfort.write'],
  ['thermostat.read'],
  ['thermostat.write'],
  ['lighting.read', 'lighting.write'],
  ['events.read'],
  ['accounts.read'],
  ['accounts.write'],
  ['tokens.write'],
  ['comfort.read', 'comfort.write', 'events.read'],
  Scope.options,
];
const workspaceOnly = ['accounts.read', 'accounts.write', 'tokens.write'];
const ofKind = (kind: Kind, scopes: readonly Scope[]) =>
  kind === 'workspace' ? scopes : scopes.filter((scope) => !workspaceOnly.includes(scope));
const kinds: readonly Kind[] = ['workspace', 'plant', 'module'];
const tokens = kinds.flatMap((kind) =>
  scopeSets.map((set) => ({ kind, scopes: ofKind(kind, set), name: `${kind} token with ${nameOf(set)}` })),
);
const usable = tokens.filter(({ scopes }) => scopes.length > 0);

function nameOf(set: readonly Scope[]): string {
  return set.length > 5 ? 'everything' : set.join(' and ');
}

const of = (whose: Whose) => present(things[whose], `things of ${whose}`);

beforeAll(async () => {
  const [two, one] = [
    await linkHome(bench, [{ name: 'House' }, { name: 'Barn' }]),
    await linkHome(bench, [{ name: 'Flat' }]),
  ];
  const nothing = '0'.repeat(16);
  const thingsOf = async (accountId: string, index: number): Promise<Things> => {
    const plant = present((await client.plants(accountId))[index], 'plant');
    const moduleId = present(plant.modules[0], 'module').id;
    const command = await client.command(moduleId, { action: 'set_setpoint', temperatureC: 20 + index });
    return { accountId, plantId: plant.id, moduleId, commandId: command.id };
  };
  things.own = await thingsOf(two.accountId, 0);
  things.neighbour = await thingsOf(two.accountId, 1);
  things.stranger = await thingsOf(one.accountId, 0);
  const [, key = ''] = one.accountId.split('_');
  things.nobody = {
    accountId: `acc_${'0'.repeat(20)}`,
    plantId: `plt_${key}_${nothing}`,
    moduleId: `mod_${key}_${nothing}`,
    commandId: `cmd_${key}_${nothing}`,
  };
  for (const { kind, scopes, name } of usable) {
    const about = {
      plant: { plant: of('own').plantId },
      module: { module: of('own').moduleId },
      workspace: {},
    }[kind];
    const answer = await client.call('POST', '/v1/tokens', { body: { kind, ...about, scopes, label: name } });
    bearers.set(name, CreatedTokenView.parse(await answer.json()).token);
  }
});

/** A wish that no thermostat can carry out: what is answered shows that nothing but that was in the way. */
const wish = { action: 'stop' };

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Status where nothing stands in the way. */
  readonly otherwise: number;
}

/** How each route that needs a token is asked about somebody's things. */
const requests: Record<string, (its: Things) => Asked> = {
  startLink: () => ({ method: 'POST', path: '/v1/links', body: {}, otherwise: 400 }),
  showLink: () => ({ method: 'GET', path: `/v1/links/lnk_${'0'.repeat(26)}`, otherwise: 404 }),
  listAccounts: () => ({ method: 'GET', path: '/v1/accounts', otherwise: 200 }),
  showAccount: ({ accountId }) => ({
    method: 'GET',
    path: `/v1/accounts/${accountId}`,
    otherwise: accountId === things.nobody?.accountId ? 404 : 200,
  }),
  rotateAccount: () => onNobody('POST', 'rotate'),
  listRotations: () => onNobody('GET', 'rotations'),
  moveAccount: () => onNobody('POST', 'move'),
  claimAccount: () => onNobody('POST', 'claim'),
  syncAccount: () => onNobody('POST', 'sync'),
  rollHook: () => onNobody('POST', 'webhook/roll'),
  replayDeliveries: () => ({ ...onNobody('POST', 'replay'), body: {}, otherwise: 400 }),
  unlinkAccount: () => ({ method: 'DELETE', path: `/v1/accounts/${of('nobody').accountId}`, otherwise: 404 }),
  createToken: () => ({ method: 'POST', path: '/v1/tokens', body: {}, otherwise: 400 }),
  listTokens: () => ({ method: 'GET', path: '/v1/tokens', otherwise: 200 }),
  revokeToken: () => ({ method: 'DELETE', path: `/v1/tokens/tok_${'0'.repeat(26)}`, otherwise: 404 }),
  listPlants: ({ accountId }) => ({ method: 'GET', path: `/v1/plants?account=${accountId}`, otherwise: 200 }),
  showPlant: ({ plantId }) => ({ method: 'GET', path: `/v1/plants/${plantId}`, otherwise: 200 }),
  listModules: ({ plantId }) => ({ method: 'GET', path: `/v1/modules?plant=${plantId}`, otherwise: 200 }),
  showModule: ({ moduleId }) => ({ method: 'GET', path: `/v1/modules/${moduleId}`, otherwise: 200 }),
  readHistory: ({ moduleId }) => ({
    method: 'GET',
    path: `/v1/modules/${moduleId}/history?capability=temperature`,
    otherwise: 200,
  }),
  sendCommand: ({ moduleId }) => ({
    method: 'POST',
    path: `/v1/modules/${moduleId}/commands`,
    body: wish,
    otherwise: 400,
  }),
  sendCommands: ({ plantId, moduleId }) => ({
    method: 'POST',
    path: `/v1/plants/${plantId}/commands`,
    body: { commands: [{ moduleId, ...wish }] },
    otherwise: 200,
  }),
  showCommand: ({ commandId }) => ({ method: 'GET', path: `/v1/commands/${commandId}`, otherwise: 200 }),
  digestFeed: () => ({
    method: 'GET',
    path: '/v1/digests/feed?shard=0&until=c1-1.0-1.0-1.0-1.0',
    otherwise: 200,
  }),
  digestAccounts: () => ({ method: 'GET', path: '/v1/digests/accounts', otherwise: 200 }),
  readEvents: ({ accountId }) => ({ method: 'GET', path: `/v1/events?account=${accountId}`, otherwise: 200 }),
};

function onNobody(method: string, rest: string): Asked {
  return { method, path: `/v1/accounts/${of('nobody').accountId}/${rest}`, otherwise: 404 };
}

const closed = Object.entries(routes as Record<string, Route>).filter(([, { scope }]) => scope !== 'public');

/** Which of somebody's things a token of this kind is about. */
function isAbout(kind: Kind, whose: Whose, thing: 'plant' | 'module' | 'command'): boolean {
  if (whose === 'nobody') return false;
  if (kind === 'workspace') return true;
  return whose === 'own' && (kind === 'plant' || thing !== 'plant');
}

/** All things here are thermostats. */
const allowsThermostats = (scopes: readonly Scope[], verb: 'read' | 'write') =>
  scopes.includes(`comfort.${verb}`) || scopes.includes(`thermostat.${verb}`);

function expectedStatus(
  name: string,
  { scope }: Route,
  kind: Kind,
  scopes: readonly Scope[],
  whose: Whose,
): number {
  const { otherwise } = present(requests[name], name)(of(whose));
  if (scope !== 'system.read' && scope !== 'system.write')
    return scopes.includes(scope as Scope) ? otherwise : 403;
  const verb = scope === 'system.read' ? 'read' : 'write';
  if (!scopes.some((each) => each.endsWith(`.${verb}`) && !/^(events|accounts|tokens)\./.test(each)))
    return 403;
  if (name.startsWith('list')) return otherwise;
  const thing = /Plant|Commands/.test(name) ? 'plant' : name === 'showCommand' ? 'command' : 'module';
  if (!isAbout(kind, whose, thing)) return 404;
  if (thing === 'plant') return otherwise;
  if (allowsThermostats(scopes, verb)) return otherwise;
  return thing === 'command' ? 404 : 403;
}

const ask = ({ method, path, body }: Asked, token: string) =>
  fetch(api + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

test('every route that needs a token is asked here', () => {
  expect(closed.map(([name]) => name).toSorted()).toEqual(Object.keys(requests).toSorted());
});

describe.each(usable)('a $name', ({ kind, scopes, name }) => {
  test.each(closed)('gets from %s what it may, and nothing else', async (route, declared) => {
    for (const whose of ['own', 'neighbour', 'stranger', 'nobody'] as const) {
      const answer = await ask(present(requests[route], route)(of(whose)), present(bearers.get(name), name));
      const text = await answer.text();
      expect([
        whose,
        answer.status,
        answer.status === expectedStatus(route, declared, kind, scopes, whose) ? '' : text,
      ]).toEqual([whose, expectedStatus(route, declared, kind, scopes, whose), '']);
      if (answer.status === 403) {
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="insufficient_scope", scope="/);
        expect(JSON.parse(text)).toMatchObject({
          code: 'access_forbidden',
          detail: expect.stringMatching(/scope/),
        });
      }
    }
  });

  test('lists just what it is about', async () => {
    const own = createClient(api, present(bearers.get(name), name));
    if (!allowsThermostats(scopes, 'read')) return;
    const { items } = (await (await own.call('GET', '/v1/modules')).json()) as { items: { id: string }[] };
    const all = [of('own'), of('neighbour'), of('stranger')].map(({ moduleId }) => moduleId);
    expect(items.map(({ id }) => id).toSorted()).toEqual(
      kind === 'workspace' ? all.toSorted() : [of('own').moduleId],
    );
    const plants = (await (await own.call('GET', '/v1/plants')).json()) as { items: { id: string }[] };
    const allPlants = [of('own'), of('neighbour'), of('stranger')].map(({ plantId }) => plantId);
    expect(plants.items.map(({ id }) => id).toSorted()).toEqual(
      { workspace: allPlants.toSorted(), plant: [of('own').plantId], module: [] }[kind],
    );
  });
});

test('what is not there and what is not its own look the same', async () => {
  const token = present(bearers.get('plant token with everything'), 'token');
  for (const route of [
    'showPlant',
    'showModule',
    'readHistory',
    'sendCommand',
    'sendCommands',
    'showCommand',
  ]) {
    const answers = [];
    for (const whose of ['neighbour', 'stranger', 'nobody'] as const) {
      const its = of(whose);
      const answer = await ask(present(requests[route], route)(its), token);
      const text = await answer.text();
      answers.push([
        answer.status,
        Object.values(its).reduce((all: string, id) => all.replaceAll(id, 'ID'), text),
      ]);
    }
    expect(new Set(answers.map(String)).size).toBe(1);
  }
});

test('the feed of a token tells of what it is about, and of nothing else', async () => {
  const eventsOf = async (name: string) => {
    const own = createClient(api, present(bearers.get(name), name));
    return (await own.events(undefined, 0, { limit: 1000 })).events;
  };
  const all = await eventsOf('workspace token with everything');
  expect(all.map(({ type }) => type)).toContain('latchkey.account.linked');
  const { plantId, moduleId } = of('own');
  const ofPlant = await eventsOf('plant token with comfort.read and comfort.write and events.read');
  expect(ofPlant.map(({ type }) => type)).toEqual(
    expect.arrayContaining([
      'latchkey.plant.changed',
      'latchkey.module.changed',
      'latchkey.command.finished',
    ]),
  );
  expect(ofPlant.filter(({ data }) => data.plantId !== plantId && data.moduleId !== moduleId)).toEqual([]);
  const ofModule = await eventsOf('module token with comfort.read and comfort.write and events.read');
  expect(ofModule.length).toBeGreaterThan(0);
  expect(ofModule.filter(({ data }) => data.moduleId !== moduleId)).toEqual([]);
  // Of modules that it may not read, it hears nothing.
  const blind = await eventsOf('plant token with events.read');
  expect(blind.filter(({ data }) => data.moduleId !== undefined)).toEqual([]);
  const stranger = createClient(api, present(bearers.get('plant token with everything'), 'token'));
  expect((await stranger.events(undefined, 0, { account: of('stranger').accountId })).events).toEqual([]);
});

test('a token is shown without its secret, and is refused once it is revoked', async () => {
  const made = await client.call('POST', '/v1/tokens', {
    body: { kind: 'workspace', scopes: ['comfort.read'], label: 'to be revoked' },
  });
  expect(made.status).toBe(201);
  const { id, token, prefix } = CreatedTokenView.parse(await made.json());
  expect(token.startsWith(prefix)).toBe(true);
  const listed = await (await client.call('GET', '/v1/tokens')).text();
  expect(listed).toContain(id);
  expect(listed).not.toContain(token.slice(prefix.length));
  expect((await createClient(api, token).call('GET', '/v1/plants')).status).toBe(200);

  expect((await client.call('DELETE', `/v1/tokens/${id}`)).status).toBe(204);
  expect((await client.call('DELETE', `/v1/tokens/${id}`)).status).toBe(404);
  await expect
    .poll(async () => (await createClient(api, token).call('GET', '/v1/plants')).status, { timeout: 10_000 })
    .toBe(401);
});

test('no token makes another that may do more than it', async () => {
  const narrow = createClient(api, present(bearers.get('workspace token with tokens.write'), 'token'));
  const body = { kind: 'workspace', scopes: ['tokens.write', 'accounts.write'], label: 'more' };
  const refused = await narrow.call('POST', '/v1/tokens', { body });
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('accounts.write') });
  const same = await narrow.call('POST', '/v1/tokens', { body: { ...body, scopes: ['tokens.write'] } });
  expect(same.status).toBe(201);
});

test.each([
  ['a plant token for accounts', { kind: 'plant', scopes: ['accounts.read'] }, 'scopes'],
  ['no scope', { kind: 'workspace', scopes: [] }, 'scopes'],
  ['a scope that there is not', { kind: 'workspace', scopes: ['everything.read'] }, 'scopes.0'],
  ['a plant token without a plant', { kind: 'plant', plant: undefined, scopes: ['comfort.read'] }, 'plant'],
  ['a workspace token with a plant', { kind: 'workspace', plant: 'own', scopes: ['comfort.read'] }, 'body'],
  [
    'an expiry that is over',
    { kind: 'workspace', scopes: ['comfort.read'], expiresAt: '2020-01-01T00:00:00Z' },
    'expiresAt',
  ],
  ['a label of blanks', { kind: 'workspace', scopes: ['comfort.read'], label: '   ' }, 'label'],
])('%s is not made', async (_, asked, field) => {
  const own = of('own').plantId;
  const body = { label: 'bad', ...(asked.kind === 'plant' && { plant: own }), ...asked };
  const answer = await client.call('POST', '/v1/tokens', { body });
  expect(answer.status).toBe(400);
  expect(Object.keys(((await answer.json()) as { fields: object }).fields)).toEqual([field]);
});

test('a token is made for what there is only', async () => {
  const { plantId, moduleId } = of('nobody');
  for (const [about, code] of [
    [{ kind: 'plant', plant: plantId }, 'plant_unknown'],
    [{ kind: 'module', module: moduleId }, 'module_unknown'],
  ] as const) {
    const answer = await client.call('POST', '/v1/tokens', {
      body: { ...about, scopes: ['comfort.read'], label: 'x' },
    });
    expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ code })]);
  }
});
