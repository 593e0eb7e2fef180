import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { resourcesOf, templatesOf } from '../stacks.ts';

const { service } = templatesOf();

describe('the schedules', () => {
  test.each([
    ['rotate-tokens', 'RotateTokensFunction'],
    ['sync-accounts', 'SyncAccountsFunction'],
    ['continue-commands', 'ContinueCommandsFunction'],
  ])('run %s every minute, and do not repeat a failed run', (name, logicalId) => {
    service.hasResourceProperties('AWS::Events::Rule', {
      Name: `latchkey-test-${name}`,
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${logicalId}`), 'Arn'] },
          Id: Match.anyValue(),
          RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        },
      ],
    });
    service.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp(`^${logicalId}`) },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  test('are all there are', () => {
    expect(resourcesOf(service, 'AWS::Events::Rule')).toHaveLength(3);
  });
});
