import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPolicy } from '../../../infra/local/aws/policy.ts';
import { loadTemplate } from '../../../infra/local/template.ts';

const values = {
  apiEndpoint: () => 'http://127.0.0.1:4010',
  secretArn: (name: string) => `arn:secret:${name}`,
};
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-template-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function load(service: object, state: object = {}) {
  const stack = (templateFile: string) => ({
    type: 'aws:cloudformation:stack',
    properties: { templateFile },
  });
  const artifacts = { State: stack('state.json'), Service: stack('service.json') };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
  await writeFile(join(folder, 'state.json'), JSON.stringify(state));
  await writeFile(join(folder, 'service.json'), JSON.stringify(service));
  return loadTemplate(folder, values);
}

async function resolve(value: unknown, more: object = {}, state: object = {}) {
  const Resources = {
    Probe: { Type: 'Test::Probe', Properties: { value } },
    Api: { Type: 'AWS::ApiGatewayV2::Api' },
    App: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'latchkey/app' } },
    Queue: { Type: 'AWS::SQS::Queue' },
    ...more,
  };
  const template = await load(
    { Resources, Parameters: { Colour: { Type: 'String', Default: 'blue' } } },
    state,
  );
  return template.resources('Test::Probe')[0]?.properties().value;
}

test('resolves what CDK writes', async () => {
  expect(await resolve({ 'Fn::GetAtt': ['Api', 'ApiEndpoint'] })).toBe('http://127.0.0.1:4010');
  expect(await resolve({ 'Fn::Sub': `\${Api.ApiEndpoint}/x` })).toBe('http://127.0.0.1:4010/x');
  expect(await resolve({ Ref: 'App' })).toBe('arn:secret:latchkey/app');
  expect(await resolve({ Ref: 'AWS::Region' })).toBe('eu-west-1');
  expect(await resolve({ Ref: 'AWS::StackName' })).toBe('Service');
  expect(await resolve({ Ref: 'Colour' })).toBe('blue');
  expect(await resolve({ 'Fn::GetAtt': 'Queue.Arn' })).toBe(
    'arn:aws:sqs:eu-west-1:000000000000:Service-Queue',
  );
  expect(await resolve({ 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] })).toBe('a-000000000000');
  expect(await resolve({ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] })).toBe('b');
  expect(
    await resolve({ 'Fn::Sub': [`\${!Literal} \${x} \${AWS::Partition}`, { x: { Ref: 'Colour' } }] }),
  ).toBe(`\${Literal} blue aws`);
  expect(await resolve({ keep: [1, { Ref: 'AWS::NoValue' }], drop: { Ref: 'AWS::NoValue' } })).toEqual({
    keep: [1],
  });
});

test('follows exports from stack to stack', async () => {
  const state = {
    Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'homes' } } },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Table', 'Arn'] }, Export: { Name: 'State:Arn' } } },
  };
  expect(await resolve({ 'Fn::ImportValue': 'State:Arn' }, {}, state)).toBe(
    'arn:aws:dynamodb:eu-west-1:000000000000:table/homes',
  );
  await expect(resolve({ 'Fn::ImportValue': 'State:Other' }, {}, state)).rejects.toThrow(
    'no stack exports State:Other',
  );
});

test('names what it does not know, and where', async () => {
  await expect(resolve({ 'Fn::Cidr': [] })).rejects.toThrow(
    'stack Service: Fn::Cidr is not known to the local cloud',
  );
  await expect(resolve({ Ref: 'Nowhere' })).rejects.toThrow('there is no resource Nowhere');
  await expect(resolve({ 'Fn::GetAtt': ['Queue', 'Colour'] })).rejects.toThrow(
    'Colour of Queue (AWS::SQS::Queue)',
  );
  const Bucket = { Type: 'AWS::S3::Bucket' };
  await expect(resolve({ Ref: 'Bucket' }, { Bucket })).rejects.toThrow('Bucket is a AWS::S3::Bucket');
  expect(() => loadTemplate(join(folder, 'nowhere'), values)).toThrow(
    /manifest.json is not what a synthesis writes/,
  );
});

test('reads allow and deny from policies of the role itself and beside it', async () => {
  const statement = (Effect: string, Action: string, Resource: string) => ({ Effect, Action, Resource });
  const template = await load({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'reader',
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
          Policies: [{ PolicyDocument: { Statement: [statement('Allow', 'dynamodb:*', 'arn:table/a?')] } }],
        },
      },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyDocument: { Statement: [statement('Deny', 'dynamodb:Delete*', '*')] },
          Roles: [{ Ref: 'Role' }],
        },
      },
    },
  });
  const policy = readPolicy(template, 'arn:aws:iam::000000000000:role/reader');
  expect(policy.isAllowed('dynamodb:GetItem', 'arn:table/a1')).toBe(true);
  expect(policy.isAllowed('dynamodb:GetItem', 'arn:table/a12')).toBe(false);
  expect(policy.isAllowed('dynamodb:DeleteItem', 'arn:table/a1')).toBe(false);
  expect(policy.isAllowed('secretsmanager:GetSecretValue', 'arn:table/a1')).toBe(false);
});

test('refuses a policy whose conditions it would have to ignore', async () => {
  const Condition = { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } };
  const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*', Condition }];
  const template = await load({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { RoleName: 'r', Policies: [{ PolicyDocument: { Statement } }] },
      },
    },
  });
  expect(() => readPolicy(template, 'arn:aws:iam::000000000000:role/r')).toThrow(/does not understand/);
});
