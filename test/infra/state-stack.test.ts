import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { resourcesOf, templatesOf } from './stacks.ts';

const { state } = templatesOf();

describe('the state stack', () => {
  test('keeps its table and secrets when it is deleted or a change replaces them', () => {
    const types = ['AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret'];
    const kept = types.flatMap((type) => resourcesOf(state, type)).map(([, resource]) => resource);
    expect(kept).toHaveLength(3);
    for (const resource of kept) {
      expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('holds nothing that could be made again', () => {
    const types = new Set(
      Object.values(state.toJSON().Resources as Record<string, { Type: string }>).map((r) => r.Type),
    );
    expect([...types].sort()).toEqual(['AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret']);
  });

  test('can restore the table to any second, and nobody can delete it by mistake', () => {
    state.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'latchkey-test',
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
  });

  test('streams old and new images, and cleans up by expiresAtEpoch', () => {
    state.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAtEpoch', Enabled: true },
    });
  });

  test('indexes what is due by time, and accounts by owner', () => {
    const index = (IndexName: string, hash: string, range: string) => ({
      IndexName,
      KeySchema: [
        { AttributeName: hash, KeyType: 'HASH' },
        { AttributeName: range, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    });
    state.hasResourceProperties('AWS::DynamoDB::Table', {
      GlobalSecondaryIndexes: [index('due', 'dueShard', 'dueAt'), index('owner', 'ownerKey', 'accountId')],
    });
  });

  test('generates the root key beside empty credentials for each provider', () => {
    state.hasResourceProperties('AWS::SecretsManager::Secret', {
      Name: 'latchkey/test/app',
      GenerateSecretString: {
        GenerateStringKey: 'rootKey',
        PasswordLength: 64,
        ExcludePunctuation: true,
        SecretStringTemplate: Match.serializedJson({
          legrand: { clientId: '', clientSecret: '', subscriptionKey: '' },
          netatmo: { clientId: '', clientSecret: '' },
          allthingstalk: { clientId: 'web' },
        }),
      },
    });
  });

  test('generates a workspace token of 256 bits and tells how to read it, but never what it is', () => {
    state.hasResourceProperties('AWS::SecretsManager::Secret', {
      Name: 'latchkey/test/workspace-token',
      GenerateSecretString: { GenerateStringKey: 'token', PasswordLength: 43, ExcludePunctuation: true },
    });
    state.hasOutput('ReadWorkspaceToken', {
      Value: Match.stringLikeRegexp('get-secret-value --secret-id latchkey/test/workspace-token'),
    });
    expect(JSON.stringify(state.toJSON())).not.toContain('{{resolve');
  });
});
