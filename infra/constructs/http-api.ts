import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnIntegration,
  CfnRoute,
  HttpApi as Gateway,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { HttpFunction } from '../../shared/api/route.ts';
import { routes } from '../../shared/api/routes.ts';
import { constructId } from './construct-id.ts';
import type { EntryFunction } from './entry-function.ts';

/** Requests in a second, for the whole API; what goes beyond is answered 429 by the gateway. */
const RATE_LIMIT = 200;
const BURST_LIMIT = 400;

/**
 * Only what tells nothing secret: the route instead of the path, which may hold a webhook's hook, and no query
 * string, which may hold an authorization code.
 */
const accessLog = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
};

export interface HttpApiProps {
  readonly stageName: string;
  /** Where the API is reached if not at the gateway's own address. */
  readonly publicUrl?: string | undefined;
}

/** API Gateway in front of the functions: one integration for each function, one route for each of `shared/api/routes`. */
export class HttpApi extends Construct {
  /** Where the API is reached from outside, without a trailing slash. */
  readonly publicUrl: string;
  readonly gateway: Gateway;

  constructor(scope: Construct, id: string, { stageName, publicUrl }: HttpApiProps) {
    super(scope, id);
    this.gateway = new Gateway(this, 'Gateway', {
      apiName: `latchkey-${stageName}`,
      createDefaultStage: false,
    });
    this.publicUrl = publicUrl ?? this.gateway.apiEndpoint;
    const log = new LogGroup(this, 'AccessLog', {
      // Groups below this prefix do not use up the account's limited log resource policy.
      logGroupName: `/aws/vendedlogs/latchkey/${stageName}/api`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.gateway,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: RATE_LIMIT, burstLimit: BURST_LIMIT },
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(accessLog)),
      },
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The functions authenticate: what a token allows depends on the plant or module that is asked for',
    });
  }

  /** Adds every route; each finds its function by name. */
  addRoutes(functions: Readonly<Record<HttpFunction, EntryFunction>>): void {
    const integrations = new Map<HttpFunction, CfnIntegration>();
    for (const [name, route] of Object.entries(routes)) {
      const entry = functions[route.function];
      const integration = integrations.get(route.function) ?? this.addIntegration(entry);
      integrations.set(route.function, integration);
      new CfnRoute(this, `Route${constructId(name)}`, {
        apiId: this.gateway.apiId,
        routeKey: `${route.method} ${route.path}`,
        authorizationType: 'NONE',
        target: `integrations/${integration.ref}`,
      });
    }
  }

  private addIntegration(entry: EntryFunction): CfnIntegration {
    entry.lambda.addPermission('Api', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.gateway.arnForExecuteApi(),
    });
    return new CfnIntegration(this, `Integration${constructId(entry.functionName)}`, {
      apiId: this.gateway.apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: entry.lambda.functionArn,
      payloadFormatVersion: '2.0',
    });
  }
}
