import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallCounts } from '../../../infra/local/aws/calls.ts';
import type { Fault } from '../../../infra/local/aws/faults.ts';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../../infra/local/cloud.ts';
import type { ScheduleState } from '../../../infra/local/schedule.ts';
import type { StreamState } from '../../../infra/local/stream.ts';
import {
  type FunctionFixture,
  streamArn,
  tableArn,
  type WrittenAssembly,
  writeAssembly,
} from './assembly-fixture.ts';
import { clientOf } from './homes-table.ts';

/** Makes the AWS call that its event describes, as the SDK would, and answers what AWS said. */
const caller = `
const endpoints = {
  DynamoDB_20120810: process.env.AWS_ENDPOINT_URL_DYNAMODB,
  secretsmanager: process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER,
};
exports.handler = async ({ service, action, input }) => {
  const response = await fetch(endpoints[service], {
    method: 'POST',
    headers: {
      'x-amz-target': service + '.' + action,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': '20260105T080000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260105/eu-west-1/x/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, ...(await response.json()) };
};`;

const functions: Record<string, FunctionFixture> = {
  'read-home': {
    code: caller,
    timeoutSeconds: 1,
    environment: { TABLE_NAME: { 'Fn::ImportValue': 'State:TableName' } },
    statements: [
      { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Batch*'], Resource: tableArn },
      { Effect: 'Allow', Action: 'dynamodb:Query', Resource: { 'Fn::Join': ['', [tableArn, '/index/due']] } },
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: { 'Fn::ImportValue': 'State:AppArn' },
      },
      {
        Effect: 'Allow',
        Action: ['secretsmanager:CreateSecret', 'secretsmanager:GetSecretValue'],
        Resource: {
          'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:latchkey/test/accounts/*`,
        },
      },
    ],
  },
  'rotate-tokens': { code: 'let runs = 0; exports.handler = async (event) => ({ runs: ++runs, event });' },
  slow: {
    code: `exports.handler = async (event) => {
      await new Promise((resolve) => setTimeout(resolve, 50)); return event; };`,
  },
  failing: { code: `exports.handler = async () => { throw new Error('not today'); };` },
  'project-changes': {
    code: `exports.handler = async ({ Records }) => {
      console.log(Records.map((record) => record.dynamodb.Keys.sk.S).join());
      return { batchItemFailures: [] }; };`,
  },
};
const rule = (functionId: string) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    ScheduleExpression: 'rate(1 minute)',
    State: 'ENABLED',
    Targets: [{ Arn: { 'Fn::GetAtt': [functionId, 'Arn'] }, Id: 'Target0' }],
  },
});
const resources = {
  RotateRule: rule('RotateTokensFunction'),
  FailingRule: rule('FailingFunction'),
  SlowSchedule: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'cron(0/5 * * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: { 'Fn::GetAtt': 'SlowFunction.Arn' }, Input: '{"from":"scheduler"}' },
    },
  },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: { Ref: 'ProjectChangesFunction' },
      EventSourceArn: streamArn,
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: {
        Filters: [{ Pattern: '{"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"DELIVERY#"}]}}}}' }],
      },
    },
  },
};

let assembly: WrittenAssembly;
let cloud: LocalCloud;

const start = (more: Partial<LocalCloudOptions> = {}) =>
  startLocalCloud({
    assemblyDir: assembly.assemblyDir,
    statePath: assembly.statePath,
    schedules: false,
    ...more,
  });

beforeEach(async () => {
  assembly = await writeAssembly({ functions, resources });
  cloud = await start();
});
afterEach(async () => {
  await cloud.close(0);
  await assembly.remove();
});

async function call(service: 'DynamoDB_20120810' | 'secretsmanager', action: string, input: object) {
  const invocation = await cloud.invoke('read-home', { service, action, input });
  if (invocation.kind === 'failed') throw new Error(invocation.error.errorMessage);
  return invocation.payload as Record<string, unknown>;
}
interface ControlBody {
  readonly result: { readonly event: unknown };
  readonly calls: CallCounts;
  readonly faults: readonly Fault[];
  readonly schedules: readonly ScheduleState[];
  readonly streams: readonly StreamState[];
}
const control = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${cloud.apiUrl}/_local/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as ControlBody };
};
const Key = { pk: { S: 'ACCOUNT#1' }, sk: { S: 'ACCOUNT' } };
const getItem = () => call('DynamoDB_20120810', 'GetItem', { TableName: 'homes', Key });

test('lets a function do what its role allows, and denies everything else as AWS does', async () => {
  expect(await getItem()).toEqual({ status: 200 });
  const query = {
    TableName: 'homes',
    KeyConditionExpression: 'dueShard = :shard',
    ExpressionAttributeValues: { ':shard': { S: 'ROTATE#0' } },
  };
  expect(await call('DynamoDB_20120810', 'Query', { ...query, IndexName: 'due' })).toMatchObject({
    Count: 0,
  });
  const { Message, ...denied } = await call('DynamoDB_20120810', 'Query', query);
  expect(denied).toMatchObject({
    status: 400,
    __type: 'com.amazon.coral.service#AccessDeniedException',
  });
  expect(Message).toBe(
    'User: arn:aws:sts::000000000000:assumed-role/Service-ReadHomeRole/latchkey-test-read-home is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:eu-west-1:000000000000:table/homes because no identity-based policy allows the dynamodb:Query action',
  );
  for (const action of ['PutItem', 'DeleteTable']) {
    expect(await call('DynamoDB_20120810', action, { TableName: 'homes', Item: Key })).toMatchObject({
      status: 400,
    });
  }
});

test('judges secrets by their ARN, also those that are not there yet', async () => {
  const get = (SecretId: string) => call('secretsmanager', 'GetSecretValue', { SecretId });
  expect(await get('latchkey/test/app')).toMatchObject({ status: 200, Name: 'latchkey/test/app' });
  const created = await call('secretsmanager', 'CreateSecret', {
    Name: 'latchkey/test/accounts/1',
    SecretString: '{}',
  });
  expect(created).toMatchObject({ status: 200 });
  expect(await get(String(created.ARN))).toMatchObject({ SecretString: '{}' });
  expect(await get('latchkey/test/accounts/2')).toMatchObject({ __type: 'ResourceNotFoundException' });
  expect(await get('latchkey/test/workspace-token')).toMatchObject({
    __type: 'com.amazon.coral.service#AccessDeniedException',
  });
  expect(
    await call('secretsmanager', 'CreateSecret', { Name: 'elsewhere', SecretString: '{}' }),
  ).toMatchObject({
    __type: 'com.amazon.coral.service#AccessDeniedException',
  });
});

test('strikes the calls that a fault names, so often, before or after their effect', async () => {
  const put = () =>
    call('secretsmanager', 'CreateSecret', { Name: 'latchkey/test/accounts/3', SecretString: '{"a":1}' });
  await control('POST', 'faults', {
    action: 'GetItem',
    function: 'read-home',
    effect: 'throttle',
    skip: 1,
    times: 2,
  });
  const statuses = [];
  for (let index = 0; index < 4; index += 1) statuses.push((await getItem()).status);
  expect(statuses).toEqual([200, 400, 400, 200]);

  await control('POST', 'faults', { service: 'secretsmanager', effect: 'fail', when: 'after' });
  expect(await put()).toMatchObject({ status: 500 });
  expect(cloud.readSecret('latchkey/test/accounts/3')).toBe('{"a":1}');

  await control('POST', 'faults', { effect: 'cut' });
  await expect(getItem()).rejects.toThrow(/fetch failed/);
  await control('POST', 'faults', { function: 'rotate-tokens', effect: 'hang', times: 9 });
  expect((await getItem()).status).toBe(200);
  expect((await control('GET', 'faults')).body.faults).toHaveLength(1);
  await control('DELETE', 'faults');
  expect((await control('GET', 'faults')).body.faults).toEqual([]);
  expect((await control('POST', 'faults', { effect: 'explode' })).status).toBe(400);
});

test('lets a hanging call run into the time-out of its function', async () => {
  await control('POST', 'faults', { action: 'GetItem', effect: 'hang' });
  await expect(getItem()).rejects.toThrow(/Task timed out after 1.00 seconds/);
  expect(await getItem()).toEqual({ status: 200 });
});

test('counts calls and bytes by function and action', async () => {
  await getItem();
  await getItem();
  await call('DynamoDB_20120810', 'Scan', { TableName: 'homes' });
  const { calls } = (await control('GET', 'calls')).body;
  const ofHome = calls['latchkey-test-read-home'] ?? {};
  expect(ofHome['dynamodb:GetItem']).toMatchObject({ calls: 2, refused: 0 });
  expect(ofHome['dynamodb:GetItem']?.requestBytes).toBeGreaterThan(100);
  expect(ofHome['dynamodb:Scan']).toMatchObject({ calls: 1, refused: 1 });
  await control('DELETE', 'calls');
  expect((await control('GET', 'calls')).body.calls).toEqual({});
});

test('runs a schedule when asked, with the event that it would get', async () => {
  const { status, body } = await control('POST', 'schedules/rotate-tokens/run');
  expect(status).toBe(200);
  expect(body.result.event).toMatchObject({
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    resources: ['arn:aws:events:eu-west-1:000000000000:rule/Service-RotateRule'],
  });
  expect((await control('POST', 'schedules/slow/run')).body.result).toEqual({ from: 'scheduler' });
  expect((await control('POST', 'schedules/failing/run')).body).toEqual({ message: 'not today' });
  expect((await control('POST', 'schedules/nothing/run')).status).toBe(404);
  const { schedules } = (await control('GET', 'schedules')).body;
  expect(schedules.map((schedule) => schedule.isOn)).toEqual([false, false, false]);
});

test('hands changes to the consumer that the template names, and logs what functions print', async () => {
  const client = clientOf(cloud.dynamodbUrl);
  const put = (sk: string) =>
    client.send(new PutItemCommand({ TableName: 'homes', Item: { pk: { S: 'ACCOUNT#1' }, sk: { S: sk } } }));
  for (const sk of ['ACCOUNT', 'DELIVERY#1', 'PAGE#1', 'DELIVERY#2']) await put(sk);
  let stream: { isCaughtUp: boolean } | undefined;
  do {
    [stream] = (await control('GET', 'streams')).body.streams;
  } while (!stream?.isCaughtUp);
  client.destroy();
  await cloud.close(0);
  const log = await readFile(join(assembly.statePath, 'logs', 'latchkey-test-project-changes.log'), 'utf8');
  expect(log.match(/DELIVERY#\d/g)).toEqual(['DELIVERY#1', 'DELIVERY#2']);
  expect(log).not.toContain('PAGE#1');
});

test('keeps table, secrets and ARNs across a restart, and lets nobody else use its folder meanwhile', async () => {
  const secret = cloud.readSecret('latchkey/test/app');
  expect(JSON.parse(secret ?? '')).toMatchObject({ legrand: {}, rootKey: expect.stringMatching(/^.{32}$/) });
  await cloud.putSecret('latchkey/test/app', '{"rootKey":"changed"}');
  await expect(start()).rejects.toMatchObject({ code: 'config_invalid' });
  const client = clientOf(cloud.dynamodbUrl);
  await client.send(new PutItemCommand({ TableName: 'homes', Item: { ...Key, owner: { S: 'me' } } }));
  client.destroy();
  await cloud.close();

  cloud = await start();
  expect(cloud.readSecret('latchkey/test/app')).toBe('{"rootKey":"changed"}');
  expect(await getItem()).toMatchObject({ Item: { owner: { S: 'me' } } });
});

test('lets what runs come to its end when it closes', async () => {
  const running = cloud.invoke('slow', 'still');
  await cloud.close();
  expect(await running).toEqual({ kind: 'answered', payload: 'still' });
  expect(await cloud.invoke('slow', {})).toMatchObject({ kind: 'failed' });
});

test('refuses a taken port in one line', async () => {
  const port = Number(new URL(cloud.apiUrl).port);
  const statePath = join(assembly.statePath, 'other');
  await expect(start({ apiPort: port, statePath })).rejects.toMatchObject({
    code: 'config_invalid',
    message: `port ${port} is taken`,
  });
  // Nothing of the refused start is left open.
  await (await start({ statePath })).close(0);
});
