/** What a function's answer says about the batch it was given. Pure. */
import * as z from 'zod';
import type { StreamRecord } from '../dynamodb/stream-record.ts';
import type { Invocation } from '../lambda/lambda-sandbox.ts';

const Report = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Index of the first record that has to come again; the number of records where none has to.
 * A report that cannot be understood, or names a record that was not in the batch, fails all of it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function firstFailure(
  records: readonly StreamRecord[],
  invocation: Invocation,
  reportsItemFailures: boolean,
): number {
  if (invocation.kind === 'failed') return 0;
  if (!reportsItemFailures || invocation.payload === null || invocation.payload === '') return records.length;
  const report = Report.safeParse(invocation.payload);
  if (!report.success) return 0;
  const failures = report.data.batchItemFailures ?? [];
  const indexes = failures.map(({ itemIdentifier }) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  return indexes.length === 0 ? records.length : Math.max(0, Math.min(...indexes));
}
