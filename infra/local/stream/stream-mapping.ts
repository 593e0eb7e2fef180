import * as z from 'zod';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { functionNameIn } from '../template/local-identity.ts';
import type { Template } from '../template.ts';
import { createFilter, type EventFilter } from './event-filter.ts';

/** What of an `AWS::Lambda::EventSourceMapping` matters locally, with Lambda's defaults for DynamoDB streams. */
const MappingProperties = z.looseObject({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: z.number().int().min(1).max(10_000).default(100),
  MaximumBatchingWindowInSeconds: z.number().min(0).max(300).default(0),
  /** -1: until the record is too old. */
  MaximumRetryAttempts: z.number().int().min(-1).max(10_000).default(-1),
  BisectBatchOnFunctionError: z.boolean().default(false),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']),
  FilterCriteria: z
    .looseObject({ Filters: z.array(z.looseObject({ Pattern: z.string() })).default([]) })
    .optional(),
  DestinationConfig: z
    .looseObject({ OnFailure: z.looseObject({ Destination: z.string() }).optional() })
    .optional(),
});

export interface StreamMapping {
  /** Stays the same from start to start: the checkpoint is kept under it. */
  readonly name: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly windowMs: number;
  /** Infinity where nothing but success ends it. */
  readonly maxRetries: number;
  readonly bisects: boolean;
  readonly reportsItemFailures: boolean;
  readonly startsAt: 'TRIM_HORIZON' | 'LATEST';
  readonly passes: EventFilter;
  /** ARN of what is told of batches that failed for good. */
  readonly onFailure: string | undefined;
}

/** @throws {LatchkeyError} config_invalid – when a mapping says something that is not known here */
export function readStreamMappings(template: Template): StreamMapping[] {
  return template.resources('AWS::Lambda::EventSourceMapping').flatMap((resource) => {
    const result = MappingProperties.safeParse(resource.properties());
    if (!result.success) {
      const message = `${resource.stack}, ${resource.logicalId}: ${z.prettifyError(result.error)}`;
      throw new LatchkeyError('config_invalid', message);
    }
    const mapping = result.data;
    if (!mapping.Enabled) return [];
    const functionName = functionNameIn(mapping.FunctionName);
    return {
      name: functionName,
      functionName,
      batchSize: mapping.BatchSize,
      windowMs: mapping.MaximumBatchingWindowInSeconds * 1000,
      maxRetries: mapping.MaximumRetryAttempts < 0 ? Number.POSITIVE_INFINITY : mapping.MaximumRetryAttempts,
      bisects: mapping.BisectBatchOnFunctionError,
      reportsItemFailures: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      startsAt: mapping.StartingPosition,
      passes: createFilter(mapping.FilterCriteria?.Filters.map(({ Pattern }) => Pattern) ?? []),
      onFailure: mapping.DestinationConfig?.OnFailure?.Destination,
    };
  });
}
