import { join } from 'node:path';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  FilterPattern,
  type IFilterPattern,
  LogGroup,
  MetricFilter,
  RetentionDays,
} from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { HttpFunction } from '../../shared/api/route.ts';

/** One file in `functions/`, one Lambda. */
export type FunctionName =
  | HttpFunction
  | 'project-changes'
  | 'condense-readings'
  | 'rotate-tokens'
  | 'sync-accounts'
  | 'continue-commands';

export interface EntryFunctionProps {
  readonly stageName: string;
  readonly name: FunctionName;
  /** Folder with `<name>/index.js`. */
  readonly bundles: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

export interface LogMetric {
  readonly metricNamespace: string;
  /** Also the name of its filter, of which a log has one a metric. */
  readonly metricName: string;
  /** By name, the field of the line that its value is read from. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

/** What functions could deal with and an operator should know of: one metric for all of a stage's functions. */
export function loggedErrors(stageName: string): LogMetric {
  return { metricNamespace: `Latchkey/${stageName}`, metricName: 'LoggedErrors' };
}

/**
 * One Lambda with a role and a log group of its own. The role starts with nothing but writing that log: CDK's
 * default role would bring AWSLambdaBasicExecutionRole, which may create and write any log group of the account.
 */
export class EntryFunction extends Construct {
  readonly functionName: FunctionName;
  readonly lambda: lambda.Function;
  private readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: EntryFunctionProps) {
    super(scope, id);
    this.functionName = props.name;
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/latchkey/${props.stageName}/${props.name}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(role);
    this.countLines(FilterPattern.stringValue('$.level', '=', 'ERROR'), loggedErrors(props.stageName));
    this.lambda = new lambda.Function(this, 'Function', {
      functionName: `latchkey-${props.stageName}-${props.name}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(join(props.bundles, props.name)),
      handler: 'index.handler',
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      role,
      logGroup: this.logGroup,
    });
  }

  /** Makes a metric of the lines of the log that fit. */
  countLines(filterPattern: IFilterPattern, metric: LogMetric): void {
    new MetricFilter(this, metric.metricName, { logGroup: this.logGroup, filterPattern, ...metric });
  }

  addEnvironment(variables: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(variables)) this.lambda.addEnvironment(name, value);
  }

  /** For the constructs that own the resource: they know the ARN and set the environment beside it. */
  allow(actions: readonly string[], resource: string): void {
    this.lambda.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }));
  }
}
