import { Capture, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { resourcesOf, templatesOf } from '../stacks.ts';

const { service } = templatesOf();

function accessLog(): Record<string, string> {
  const format = new Capture();
  service.hasResourceProperties('AWS::ApiGatewayV2::Stage', { AccessLogSettings: { Format: format } });
  return JSON.parse(format.asString());
}

describe('the HTTP API', () => {
  test('deploys by itself to the address without a stage in its path', () => {
    service.hasResourceProperties('AWS::ApiGatewayV2::Stage', { StageName: '$default', AutoDeploy: true });
  });

  test('is throttled, so that one caller cannot use up the account', () => {
    service.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
    });
  });

  test('logs the route and what became of a request', () => {
    expect(Object.values(accessLog())).toEqual(
      expect.arrayContaining(['$context.requestId', '$context.routeKey', '$context.status']),
    );
  });

  test('logs no path, no query string and no header: they hold hooks, codes and tokens', () => {
    const variables = Object.values(accessLog()).join(' ');
    expect(variables).not.toMatch(/path|query|identity|authorizer|header/i);
  });

  test('hands requests over in the payload format that http-entry reads', () => {
    service.allResourcesProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
    });
  });

  test('lets nobody but this API call the functions over HTTP', () => {
    const permissions = resourcesOf(service, 'AWS::Lambda::Permission').map(
      ([, { Properties }]) => Properties,
    );
    const api = permissions.filter(({ Principal }) => Principal === 'apigateway.amazonaws.com');
    expect(api).not.toEqual([]);
    for (const { SourceArn } of api) expect(JSON.stringify(SourceArn)).toMatch(/"Ref":"ApiGateway\w+"/);
  });

  test('keeps its log a month', () => {
    service.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: Match.stringLikeRegexp('/api$'),
      RetentionInDays: 30,
    });
  });
});
