import { describe, expect, test } from 'vitest';
import {
  presentAccount,
  presentCommand,
  presentHistory,
  presentLink,
  presentModule,
  presentPlant,
} from '../../../shared/api/present.ts';
import {
  AccountView,
  CommandView,
  HistoryView,
  LinkView,
  ModuleView,
  PlantView,
} from '../../../shared/api/views.ts';
import type { SyncJob } from '../../../shared/domain/sync-job.ts';
import {
  account,
  accountId,
  at,
  command,
  link,
  module,
  moduleId,
  plant,
  plantId,
  pointer,
  T0,
} from '../domain/samples.ts';

/** Stands in every field that is nobody's business. */
const PRIVATE = 'PRIVATE';
const now = Date.parse(at(100));

const reading = (value: number, receivedSeconds: number) => ({
  value,
  unit: 'C',
  observedAt: at(0),
  receivedAt: at(receivedSeconds),
});
const secretAccount = {
  ...account,
  subject: PRIVATE,
  subscriptions: [
    {
      subscriptionId: 'sub-1',
      plantNativeId: PRIVATE,
      url: `https://api.example/webhooks/${PRIVATE}`,
      since: T0,
    },
  ],
};
const secretPointer = {
  ...pointer,
  versionId: PRIVATE,
  refreshHash: PRIVATE,
  leaseOwner: PRIVATE,
  intent: {
    fromRefreshHash: PRIVATE,
    plannedVersionId: PRIVATE,
    earlierVersionIds: [PRIVATE],
    startedAt: T0,
  },
};
const job: SyncJob = {
  accountId,
  next: { topology: T0, state: T0, subscriptions: T0 },
  dueAt: T0,
  failures: 1,
  problem: PRIVATE,
  lastDeliveryAt: at(50),
};
const secretModule = {
  ...module,
  nativeId: PRIVATE,
  readings: { temperature: reading(20, 10) },
  awaited: { [PRIVATE]: { expects: { setpoint: 21 }, sentAt: T0 } },
};
const secretPlant = { ...plant, nativeId: PRIVATE };
const secretLink = {
  ...link,
  stateHash: PRIVATE,
  browserHash: PRIVATE,
  returnTo: `https://app.example/${PRIVATE}`,
};

const quota = {
  windows: [{ name: 'day', seconds: 86_400, calls: 500, remaining: 70, reserved: 60, resetsAt: at(99) }],
  blockedUntil: at(30),
};

const past: ModuleView['history'] = [
  { capability: 'temperature', resolutions: ['raw', '1hour'], rawStepSeconds: 0 },
];

const views = {
  account: {
    view: presentAccount({
      account: secretAccount,
      health: secretAccount.health,
      pointer: secretPointer,
      job,
      quota,
    }),
    schema: AccountView,
  },
  plant: { view: presentPlant(secretPlant, [secretModule]), schema: PlantView },
  module: { view: presentModule(secretModule, 60, past, now), schema: ModuleView },
  history: {
    view: presentHistory(
      { moduleId, capability: 'temperature', resolution: 'raw' },
      { items: [{ time: at(0), value: 20 }], unit: 'C' },
      'next',
    ),
    schema: HistoryView,
  },
  command: { view: presentCommand(command), schema: CommandView },
  link: { view: presentLink(secretLink, now), schema: LinkView },
};

describe.each(Object.entries(views))('the view of a(n) %s', (_, { view, schema }) => {
  const json = JSON.stringify(view);

  test('holds no native id, hash, address or lease', () => {
    expect(json).not.toContain(PRIVATE);
  });

  test('is the one that the API declares, whole', () => {
    expect(JSON.stringify(schema.parse(view))).toHaveLength(json.length);
  });
});

test('tells of an account the times of its tokens and how its webhooks are', () => {
  expect(views.account.view).toEqual({
    id: accountId,
    provider: 'legrand',
    owner: 'owner-1',
    status: 'linked',
    health: {
      state: 'good',
      since: T0,
      explanation: 'The account works.',
      next: 'Its tokens are rotated before they expire.',
    },
    scopes: ['comfort.read', 'comfort.write'],
    missingScopes: [],
    linkedAt: T0,
    version: 1,
    tokens: {
      generation: 1,
      accessExpiresAt: at(3600),
      refreshExpiresAt: at(90 * 86_400),
      rotateAt: at(2500),
      rotatedAt: T0,
    },
    quota: {
      windows: [
        {
          name: 'day',
          seconds: 86_400,
          calls: 500,
          remaining: 70,
          reservedForCommands: 60,
          resetsAt: at(99),
        },
      ],
      blockedUntil: at(30),
    },
    webhook: {
      subscriptions: [{ subscriptionId: 'sub-1', since: T0 }],
      lastDeliveryAt: at(50),
      problem: undefined,
    },
  });
});

test('tells of an account what its webhooks have been through, and where a replay is', () => {
  const webhookGap = { reason: 'silence', from: at(0), suspectedAt: at(10), repairedTo: at(11) } as const;
  const webhookRepair = { reason: 'silence', from: at(0), to: at(11) } as const;
  const hook = { epoch: Date.parse(T0) / 1000, former: { epoch: 0, until: at(3600) } };
  const counts = { deliveries: 3, readable: 1, unreadable: 1, ignored: 1, changes: 1 };
  const window = { from: at(0), to: at(50), counts, startedAt: at(60) };
  const view = presentAccount({
    account: { ...secretAccount, webhookGap, webhookRepair, hook },
    health: secretAccount.health,
    quota,
    job: {
      ...job,
      answers: { failures: 7, lastFailureAt: at(40), toldBy: [PRIVATE] },
      outdated: { deliveries: 2, lastAt: at(45) },
    },
    replay: { accountId, replayId: 'replay-1', after: PRIVATE, dueAt: at(70), ...window },
  });
  expect(view.webhook).toMatchObject({
    failedAnswers: { count: 7, lastAt: at(40) },
    address: { since: T0, overlapUntil: at(3600) },
    outdated: { deliveries: 2, lastAt: at(45) },
    gap: webhookGap,
    lastRepair: webhookRepair,
  });
  expect(view.replay).toEqual({ id: 'replay-1', ...window, finishedAt: undefined });
  expect(JSON.stringify(view)).not.toContain(PRIVATE);
  expect(JSON.stringify(AccountView.parse(view))).toHaveLength(JSON.stringify(view).length);
});

test('tells of an account without tokens and work that it has none', () => {
  const view = presentAccount({
    account: { ...account, webhookProblem: 'no room' },
    health: account.health,
    quota: { windows: [] },
  });
  expect(view.tokens).toBeUndefined();
  expect(view.webhook).toEqual({ subscriptions: [], lastDeliveryAt: undefined, problem: 'no room' });
});

test.each([
  ['fresh', 90, 10, false],
  ['just old enough', 40, 60, false],
  ['stale', 39, 61, true],
  ['from the future, by clocks that differ', 130, 0, false],
])('calls a reading %s', (_, received, ageSeconds, stale) => {
  const { readings } = presentModule(
    { ...module, readings: { temperature: reading(20, received) } },
    60,
    [],
    now,
  );
  expect(readings).toMatchObject([{ capability: 'temperature', ageSeconds, stale }]);
});

test('gives a module its system, and ids that lead further', () => {
  expect(views.module.view).toMatchObject({
    id: moduleId,
    accountId,
    plantId,
    system: 'comfort',
    device: 'thermostat',
    history: past,
  });
  expect(views.plant.view.modules).toEqual([
    { id: moduleId, name: 'Thermostat', device: 'thermostat', ambientId: 'salon' },
  ]);
});

test('gives history with the unit of the capability', () => {
  expect(views.history.view).toEqual({
    moduleId,
    capability: 'temperature',
    resolution: 'raw',
    unit: 'C',
    items: [{ time: at(0), value: 20 }],
    next: 'next',
  });
});

test('calls a link failed that nobody came back for, and no other', () => {
  expect(presentLink(link, Date.parse(at(599))).status).toBe('pending');
  expect(presentLink(link, Date.parse(at(600))).status).toBe('failed');
  expect(presentLink({ ...link, status: 'linked', accountId }, Date.parse(at(601)))).toMatchObject({
    status: 'linked',
    accountId,
  });
});
