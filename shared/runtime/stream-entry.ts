import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type * as z from 'zod';
import { projectChanges } from '../actions/project-changes.ts';
import type { ProjectionDependencies } from '../actions/projection-dependencies.ts';
import { Account } from '../domain/account.ts';
import { Command } from '../domain/command.ts';
import { Delivery } from '../domain/delivery.ts';
import { KeptReading } from '../domain/late-reading.ts';
import { Module } from '../domain/module.ts';
import { Plant } from '../domain/plant.ts';
import type { TableChange } from '../domain/table-change.ts';
import { TokenPointer } from '../domain/token-pointer.ts';
import { prefixes } from '../store/keys.ts';
import { CONNECTION_LIFE_MS, keepConnection } from './connection.ts';
import { noteInvocation } from './deadline.ts';
import { createLog } from './log.ts';

type Kind = TableChange['kind'];

const kinds: { kind: Kind; owns: (sk: string) => boolean; schema: z.ZodType }[] = [
  { kind: 'account', owns: (sk) => sk === 'ACCOUNT', schema: Account },
  { kind: 'pointer', owns: (sk) => sk === 'TOKEN', schema: TokenPointer },
  { kind: 'command', owns: (sk) => sk === 'COMMAND', schema: Command },
  { kind: 'delivery', owns: (sk) => sk.startsWith(prefixes.delivery), schema: Delivery },
  { kind: 'module', owns: (sk) => sk.startsWith(prefixes.module), schema: Module },
  { kind: 'plant', owns: (sk) => sk.startsWith(prefixes.plant), schema: Plant },
  { kind: 'reading', owns: (sk) => sk.startsWith(prefixes.reading), schema: KeptReading },
];

/** From a batch of the table's stream to `project-changes`; what failed is sent again, and nothing before it. */
export function streamEntry(connect: () => Promise<Omit<ProjectionDependencies, 'onBanNear'>>) {
  const log = createLog();
  const connected = keepConnection(connect, CONNECTION_LIFE_MS);
  const onFailure = (change: TableChange, error: unknown) =>
    log.failure('change not projected', error, { kind: change.kind, sequenceNumber: change.sequenceNumber });

  const onBanNear = (accountId: string, failedAnswers: number) =>
    log.error('webhook ban near', { accountId, failedAnswers, isBanNear: true });

  /**
   * The changes up to the first record that cannot be read: what came before it is not to wait for it. A delivery's is
   * passed over, since nothing follows from it but what it says, and it is kept.
   */
  const readChanges = (records: readonly DynamoDBRecord[]) => {
    const changes: TableChange[] = [];
    for (const record of records) {
      try {
        const change = toChange(record);
        if (change) changes.push(change);
      } catch (error) {
        const sequenceNumber = record.dynamodb?.SequenceNumber ?? '';
        log.failure('record not readable', error, { sequenceNumber });
        if (isDelivery(record)) continue;
        return { changes, unreadable: sequenceNumber };
      }
    }
    return { changes };
  };

  return async (event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> => {
    noteInvocation(context);
    const { changes, unreadable } = readChanges(event.Records);
    const deps = { ...(await connected()), onFailure, onBanNear };
    const { failedFrom = unreadable } = await projectChanges(deps, changes);
    return { batchItemFailures: failedFrom === undefined ? [] : [{ itemIdentifier: failedFrom }] };
  };
}

function isDelivery({ dynamodb }: DynamoDBRecord): boolean {
  return dynamodb?.Keys?.sk?.S?.startsWith(prefixes.delivery) === true;
}

/** `undefined` for items that mean nothing to the feed; the stream's filter lets few of them through. */
function toChange({ dynamodb }: DynamoDBRecord): TableChange | undefined {
  const found = kinds.find(({ owns }) => owns(dynamodb?.Keys?.sk?.S ?? ''));
  if (!dynamodb || !found) return undefined;
  const read = (image: typeof dynamodb.NewImage) =>
    image && found.schema.parse(unmarshall(image as Parameters<typeof unmarshall>[0]));
  const writtenAtMs = (dynamodb.ApproximateCreationDateTime ?? 0) * 1000;
  return {
    kind: found.kind,
    sequenceNumber: dynamodb.SequenceNumber ?? '',
    writtenAtMs,
    before: read(dynamodb.OldImage),
    after: read(dynamodb.NewImage),
  } as TableChange;
}
