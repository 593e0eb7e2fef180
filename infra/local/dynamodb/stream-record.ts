import { randomBytes } from 'node:crypto';
import { arn, place } from '../template/place.ts';
import type { Item, Write } from './dynalite-view.ts';

export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** What of a table's definition shows in its records. */
export interface StreamShape {
  readonly keyNames: readonly string[];
  readonly viewType: StreamViewType;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventVersion: '1.1';
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly userIdentity?: { readonly type: 'Service'; readonly principalId: string };
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: StreamViewType;
  };
}

export interface RecordCircumstances {
  readonly shape: StreamShape;
  readonly sequenceNumber: string;
  readonly atEpochMs: number;
  /** Who did it, where that was DynamoDB itself. */
  readonly userIdentity?: StreamRecord['userIdentity'];
}

/** The record of a write, or nothing where it left the item as it was. */
export function toStreamRecord(write: Write, circumstances: RecordCircumstances): StreamRecord | undefined {
  const { before, after, tableName } = write;
  const item = after ?? before;
  if (!item || canonical(before) === canonical(after)) return undefined;
  const { shape, sequenceNumber, atEpochMs, userIdentity } = circumstances;
  const images = {
    ...(after && shape.viewType.includes('NEW') && { NewImage: after }),
    ...(before && shape.viewType.includes('OLD') && { OldImage: before }),
  };
  const keys = Object.fromEntries(shape.keyNames.map((name) => [name, item[name]]));
  return {
    eventID: randomBytes(16).toString('hex'),
    eventVersion: '1.1',
    eventName: nameOf(before, after),
    eventSource: 'aws:dynamodb',
    awsRegion: place.region,
    eventSourceARN: streamArn(tableName),
    ...(userIdentity && { userIdentity }),
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(atEpochMs / 1000),
      Keys: keys,
      ...images,
      SequenceNumber: sequenceNumber,
      SizeBytes: Buffer.byteLength(JSON.stringify([keys, images])),
      StreamViewType: shape.viewType,
    },
  };
}

/** The label is fixed: a local table has one stream for its whole life. */
export function streamArn(tableName: string): string {
  return arn('dynamodb', `table/${tableName}/stream/2020-01-01T00:00:00.000`);
}

function nameOf(before: Item | undefined, after: Item | undefined): StreamRecord['eventName'] {
  if (!before) return 'INSERT';
  return after ? 'MODIFY' : 'REMOVE';
}

/** Equal items give equal text: the order of attributes, and of a set's members, says nothing. */
function canonical(item: Item | undefined): string {
  return JSON.stringify(item, (name, value) => {
    if (Array.isArray(value)) return /^[SNB]S$/.test(name) ? value.toSorted() : value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
