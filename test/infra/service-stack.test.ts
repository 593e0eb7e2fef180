import { describe, expect, test } from 'vitest';
import { functionNames } from '../../infra/function-plan.ts';
import { routes } from '../../shared/api/routes.ts';
import { envGroups } from '../../shared/runtime/env.ts';
import { CLOCK_ALLOWANCE_SECONDS, EXCHANGE_NEEDS_MS, LEASE_SECONDS } from '../../shared/vault/lease.ts';
import { environmentOf, lambdaOf } from './permissions.ts';
import { resourcesOf, templatesOf } from './stacks.ts';

const { service } = templatesOf();

/** Logical id of a function, by the name that `routes` knows it under. */
const logicalIds = new Map(
  resourcesOf(service, 'AWS::Lambda::Function').map(([id, lambda]) => [lambda.Properties.FunctionName, id]),
);

function timeoutOf(name: string): number {
  return Number(lambdaOf(service, name).Properties.Timeout);
}

describe('the service stack', () => {
  test('has every route of the API, each before its own function', () => {
    const integrations = new Map(resourcesOf(service, 'AWS::ApiGatewayV2::Integration'));
    const found = resourcesOf(service, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const [, [, { Ref }]] = (Properties.Target as { 'Fn::Join': [string, [string, { Ref: string }]] })[
        'Fn::Join'
      ];
      return [Properties.RouteKey, integrations.get(Ref)?.Properties.IntegrationUri];
    });
    const declared = Object.values(routes).map((route) => [
      `${route.method} ${route.path}`,
      { 'Fn::GetAtt': [logicalIds.get(`latchkey-test-${route.function}`), 'Arn'] },
    ]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(declared));
    expect(found).toHaveLength(declared.length);
  });

  test('gives the function that takes webhooks the processor time for a quick start', () => {
    expect(lambdaOf(service, 'receive-webhook').Properties).toMatchObject({
      MemorySize: 1024,
      Architectures: ['arm64'],
    });
  });

  test('has one integration for each function with routes, which the gateway may call', () => {
    const withRoutes = new Set(Object.values(routes).map((route) => route.function)).size;
    const permitted = resourcesOf(service, 'AWS::Lambda::Permission').filter(
      ([, permission]) => permission.Properties.Principal === 'apigateway.amazonaws.com',
    );
    expect(resourcesOf(service, 'AWS::ApiGatewayV2::Integration')).toHaveLength(withRoutes);
    expect(permitted).toHaveLength(withRoutes);
  });

  test('runs every function on Node 24, arm64, from its CommonJS bundle, with a log that is kept a month', () => {
    expect(logicalIds.size).toBe(functionNames.length);
    for (const name of functionNames) {
      expect(lambdaOf(service, name).Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
      service.hasResourceProperties('AWS::Logs::LogGroup', {
        LogGroupName: `/latchkey/test/${name}`,
        RetentionInDays: 30,
      });
    }
  });

  test('gives receive-webhook 1024 MB and 3 s, because Legrand bans who answers late', () => {
    expect(lambdaOf(service, 'receive-webhook').Properties).toMatchObject({ MemorySize: 1024, Timeout: 3 });
  });

  test('lets nothing that can hold a lease outlive it: timeout and clock error stay below the lease', () => {
    const rotating = functionNames.filter((name) => 'ACCOUNT_SECRET_PREFIX' in environmentOf(service, name));
    expect(rotating).toContain('rotate-tokens');
    for (const name of rotating) {
      expect(timeoutOf(name) + CLOCK_ALLOWANCE_SECONDS, name).toBeLessThan(LEASE_SECONDS);
      expect(timeoutOf(name) * 1000, name).toBeGreaterThan(2 * EXCHANGE_NEEDS_MS);
    }
  });

  test('ends every HTTP function before API Gateway gives up on it at 30 s', () => {
    for (const { function: name } of Object.values(routes)) expect(timeoutOf(name)).toBeLessThan(30);
  });

  test('gives a long poll of 20 s the time it takes', () => {
    expect(timeoutOf('read-events')).toBeGreaterThan(25);
  });

  test('tells functions nothing that they have no name for', () => {
    const known = new Set(Object.values(envGroups).flatMap((group) => Object.keys(group.shape)));
    const told = functionNames.flatMap((name) => Object.keys(environmentOf(service, name)));
    expect(told.filter((variable) => !known.has(variable))).toEqual([]);
  });

  test('prints the reply URL to register at Legrand, below the API', () => {
    const endpoint = { 'Fn::GetAtt': [expect.stringMatching(/^ApiGateway/), 'ApiEndpoint'] };
    expect(service.findOutputs('*')).toMatchObject({
      ApiUrl: { Value: endpoint },
      LegrandReplyUrl: { Value: { 'Fn::Join': ['', [endpoint, '/oauth/legrand/callback']] } },
      NetatmoReplyUrl: { Value: { 'Fn::Join': ['', [endpoint, '/oauth/netatmo/callback']] } },
    });
  });

  test('uses the address of its own that a stage has, everywhere', () => {
    const { service: own } = templatesOf({ publicUrl: 'https://latchkey.example.org' });
    own.hasOutput('ApiUrl', { Value: 'https://latchkey.example.org' });
    own.hasOutput('LegrandReplyUrl', { Value: 'https://latchkey.example.org/oauth/legrand/callback' });
    expect(environmentOf(own, 'complete-link').PUBLIC_URL).toBe('https://latchkey.example.org');
  });

  test('hands the settings of the stage to the functions that need them', () => {
    const { service: own } = templatesOf({
      returnTo: ['https://app.example.org/', 'https://beta.example.org/done'],
      defaultTimeZone: 'Europe/Rome',
      allthingstalkCallsPerHour: 300,
      logLevel: 'DEBUG',
      retentionDays: { raw: 30, '5min': 100, '1hour': 200, '1day': 300 },
      providerUrls: { LATCHKEY_LEGRAND_LOGIN_URL: 'http://127.0.0.1:4011' },
    });
    expect(environmentOf(own, 'start-link')).toMatchObject({
      RETURN_TO_ALLOWED: 'https://app.example.org/,https://beta.example.org/done',
      DEFAULT_TIME_ZONE: 'Europe/Rome',
      ALLTHINGSTALK_CALLS_PER_HOUR: '300',
      LATCHKEY_LEGRAND_LOGIN_URL: 'http://127.0.0.1:4011',
      LATCHKEY_LEGRAND_API_URL: 'https://api.developer.legrand.com/smarther/v2.0',
    });
    for (const name of ['project-changes', 'sync-accounts', 'read-home', 'condense-readings']) {
      expect(environmentOf(own, name)).toMatchObject({
        RETENTION_DAYS_RAW: '30',
        RETENTION_DAYS_FIVE_MINUTES: '100',
        RETENTION_DAYS_HOUR: '200',
        RETENTION_DAYS_DAY: '300',
      });
    }
    for (const name of functionNames) expect(environmentOf(own, name).LOG_LEVEL).toBe('DEBUG');
  });
});
