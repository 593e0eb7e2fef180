import { type Schedule as Rhythm, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EntryFunction } from './entry-function.ts';

export interface ScheduleProps {
  readonly stageName: string;
  readonly rhythm: Rhythm;
  readonly entry: EntryFunction;
}

/** Starts a function again and again. A run that fails is not repeated: the next one finds the same work due. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, { stageName, rhythm, entry }: ScheduleProps) {
    super(scope, id);
    entry.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Rule(this, 'Rule', {
      ruleName: `latchkey-${stageName}-${entry.functionName}`,
      schedule: rhythm,
      targets: [new LambdaFunction(entry.lambda, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
