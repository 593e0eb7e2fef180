import * as z from 'zod';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { functionNameIn } from '../template/local-identity.ts';
import { arn } from '../template/place.ts';
import type { LocatedResource, Template } from '../template.ts';

const Target = z.looseObject({ Arn: z.string(), Input: z.string().optional() });
const RuleProperties = z.looseObject({
  ScheduleExpression: z.string(),
  State: z.string().default('ENABLED'),
  Targets: z.array(Target).default([]),
});
const ScheduleProperties = z.looseObject({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.literal('UTC').optional(),
  State: z.string().default('ENABLED'),
  Target,
});

export interface ScheduleDefinition {
  readonly name: string;
  readonly functionName: string;
  readonly expression: string;
  readonly isEnabled: boolean;
  /** ARN that the event names. */
  readonly resource: string;
  readonly source: 'aws.events' | 'aws.scheduler';
  /** What the function is given in place of the usual event. */
  readonly input: unknown;
}

/** @throws {LatchkeyError} config_invalid – when a schedule says something that is not known here */
export function readSchedules(template: Template): ScheduleDefinition[] {
  const rules = template.resources('AWS::Events::Rule').flatMap((resource) => {
    const { ScheduleExpression, State, Targets } = parse(RuleProperties, resource);
    return Targets.map((target) => ({
      ...definitionOf(resource.physicalName, target),
      expression: ScheduleExpression,
      isEnabled: State === 'ENABLED',
      resource: arn('events', `rule/${resource.physicalName}`),
      source: 'aws.events' as const,
    }));
  });
  const schedules = template.resources('AWS::Scheduler::Schedule').map((resource) => {
    const { ScheduleExpression, State, Target: target } = parse(ScheduleProperties, resource);
    return {
      ...definitionOf(resource.physicalName, target),
      expression: ScheduleExpression,
      isEnabled: State === 'ENABLED',
      resource: arn('scheduler', `schedule/default/${resource.physicalName}`),
      source: 'aws.scheduler' as const,
    };
  });
  return [...rules, ...schedules];
}

function definitionOf(name: string, { Arn, Input }: z.infer<typeof Target>) {
  return {
    name,
    functionName: functionNameIn(Arn),
    input: Input === undefined ? undefined : JSON.parse(Input),
  };
}

function parse<T>(schema: z.ZodType<T>, { stack, logicalId, properties }: LocatedResource): T {
  const result = schema.safeParse(properties());
  if (result.success) return result.data;
  throw new LatchkeyError('config_invalid', `${stack}, ${logicalId}: ${z.prettifyError(result.error)}`);
}
