import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import {
  type CondensingDependencies,
  condenseReadings,
  type ReadingChange,
} from '../actions/condense-readings.ts';
import { CapabilityName } from '../domain/reading.ts';
import { readReadingKey } from '../store/keys.ts';
import { CONNECTION_LIFE_MS, keepConnection } from './connection.ts';
import { noteInvocation } from './deadline.ts';
import { createLog } from './log.ts';

/** From a batch of the table's stream to `condense-readings`; from the first that failed on, it is sent again. */
export function readingEntry(connect: () => Promise<Omit<CondensingDependencies, 'onFailure'>>) {
  const log = createLog();
  const connected = keepConnection(connect, CONNECTION_LIFE_MS);
  const onFailure = (moduleId: string, error: unknown) =>
    log.failure('readings not condensed', error, { moduleId });

  return async (event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> => {
    noteInvocation(context);
    const changes = event.Records.flatMap((record) => toChange(record) ?? []);
    const { failedFrom } = await condenseReadings({ ...(await connected()), onFailure }, changes);
    return { batchItemFailures: failedFrom === undefined ? [] : [{ itemIdentifier: failedFrom }] };
  };
}

/** Its key says what is to be condensed; `undefined` where there was no number and is none. */
function toChange({ dynamodb }: DynamoDBRecord): ReadingChange | undefined {
  const { Keys, OldImage, NewImage, SequenceNumber: sequenceNumber = '' } = dynamodb ?? {};
  const [moduleId, name, at = ''] = readReadingKey({ pk: Keys?.pk?.S ?? '', sk: Keys?.sk?.S ?? '' }) ?? [];
  const capability = CapabilityName.safeParse(name).data;
  const isNumber = [OldImage, NewImage].some((image) => image?.value?.N !== undefined);
  if (moduleId === undefined || capability === undefined || !isNumber) return undefined;
  return { sequenceNumber, moduleId, capability, observedAtEpochMs: Date.parse(at) };
}
