import { describe, expect, test } from 'vitest';
import { functionNames } from '../../infra/function-plan.ts';
import { environmentOf, permissionsOf } from './permissions.ts';
import { resourcesOf, templatesOf } from './stacks.ts';

const { service } = templatesOf();
const permissions = new Map(functionNames.map((name) => [name, permissionsOf(service, name)]));
const accountSecrets =
  'arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:latchkey/test/accounts/*';

describe('what functions may do', () => {
  test('receive-webhook may put an item and read the app secret, and nothing else', () => {
    expect(permissions.get('receive-webhook')).toEqual([
      'dynamodb:PutItem on Table',
      'logs:CreateLogStream on ReceiveWebhookLog',
      'logs:PutLogEvents on ReceiveWebhookLog',
      'secretsmanager:GetSecretValue on VaultApp',
    ]);
  });

  test('read-events reads items and the workspace token, and writes nothing', () => {
    expect(permissions.get('read-events')).toEqual([
      'dynamodb:GetItem on Table',
      'dynamodb:Query on Table',
      'logs:CreateLogStream on ReadEventsLog',
      'logs:PutLogEvents on ReadEventsLog',
      'secretsmanager:GetSecretValue on VaultWorkspaceToken',
    ]);
  });

  test('read-digests reads items, keeps digests, and calls no cloud', () => {
    expect(permissions.get('read-digests')).toEqual([
      'dynamodb:GetItem on Table',
      'dynamodb:PutItem on Table',
      'dynamodb:Query on Table',
      'dynamodb:Query on Table/index/owner',
      'dynamodb:Scan on Table/index/owner',
      'logs:CreateLogStream on ReadDigestsLog',
      'logs:PutLogEvents on ReadDigestsLog',
      'secretsmanager:GetSecretValue on VaultWorkspaceToken',
    ]);
  });

  test('describe-api may write its log', () => {
    expect(permissions.get('describe-api')).toEqual([
      'logs:CreateLogStream on DescribeApiLog',
      'logs:PutLogEvents on DescribeApiLog',
    ]);
  });

  test('project-changes reads the stream and puts failures into its queue', () => {
    expect(permissions.get('project-changes')).toEqual(
      expect.arrayContaining([
        'dynamodb:GetRecords on Table.StreamArn',
        'dynamodb:GetShardIterator on Table.StreamArn',
        'sqs:SendMessage on ChangesFailures',
      ]),
    );
  });

  test("only those who link, rotate or call the cloud reach accounts' secrets", () => {
    const reaching = functionNames.filter((name) =>
      permissions.get(name)?.some((permission) => permission.endsWith(accountSecrets)),
    );
    expect(reaching).toEqual([
      'complete-link',
      'manage-accounts',
      'read-home',
      'send-command',
      'rotate-tokens',
      'sync-accounts',
      'continue-commands',
    ]);
  });

  test("only who may rotate makes or deletes accounts' secrets", () => {
    const allowed = (action: string) =>
      functionNames.filter((name) =>
        permissions.get(name)?.includes(`secretsmanager:${action} on ${accountSecrets}`),
      );
    const rotating = [
      'complete-link',
      'manage-accounts',
      'read-home',
      'send-command',
      'rotate-tokens',
      'sync-accounts',
      'continue-commands',
    ];
    expect(allowed('CreateSecret')).toEqual(rotating);
    expect(allowed('DeleteSecret')).toEqual(rotating);
  });

  test('only the schedules look for what is due', () => {
    const looking = functionNames.filter((name) =>
      permissions.get(name)?.includes('dynamodb:Query on Table/index/due'),
    );
    expect(looking).toEqual(['rotate-tokens', 'sync-accounts', 'continue-commands']);
  });

  test("has no wildcard but the one below accounts' secrets", () => {
    const wildcards = [...permissions.values()].flat().filter((permission) => permission.includes('*'));
    expect(wildcards.filter((permission) => !permission.endsWith(` on ${accountSecrets}`))).toEqual([]);
    expect(wildcards.filter((permission) => / on .*\*.*\*|\* on /.test(permission))).toEqual([]);
  });

  test('comes from no managed policy', () => {
    const roles = resourcesOf(service, 'AWS::IAM::Role').map(([, role]) => role.Properties);
    expect(roles).toHaveLength(functionNames.length);
    for (const role of roles) expect(role).not.toHaveProperty('ManagedPolicyArns');
  });
});

describe('what functions are told', () => {
  const pairs = [
    ['TABLE_NAME', / on Table(\/index\/\w+)?$/],
    ['APP_SECRET_ID', / on VaultApp$/],
    ['WORKSPACE_TOKEN_SECRET_ID', / on VaultWorkspaceToken$/],
    ['ACCOUNT_SECRET_PREFIX', /accounts\/\*$/],
  ] as const;

  test.each(pairs)('%s exactly where there is permission to use it', (variable, permitted) => {
    const told = functionNames.filter((name) => variable in environmentOf(service, name));
    const allowed = functionNames.filter((name) =>
      permissions.get(name)?.some((text) => permitted.test(text)),
    );
    expect(told).not.toEqual([]);
    expect(told).toEqual(allowed);
  });
});
