/** A database that the copy is kept in. */
import type { Document, RecordCollection, StateDocument, VersionedCollection } from './document.ts';

/** How far the copy has come; kept in the target itself, so that a backup of it knows where it stood. */
export interface Progress {
  /** Of the feed; what is before it is in the target. */
  readonly cursor: string;
  /** `copying`: the feed is read from its beginning; `following`: what there is was copied, and what is new is added. */
  readonly phase: 'copying' | 'following';
  /** Events copied so far. */
  readonly events: number;
  /** Time of the last event copied, UTC; absent before the first. */
  readonly lastEventAt?: string;
  readonly updatedAt: string;
  /** What last kept it from getting on; that may be over. */
  readonly lastError?: { readonly at: string; readonly message: string };
}

/**
 * Everything here may be done twice: the program can be stopped between any two writes, and then begins again from the
 * progress that was kept last.
 */
export interface Sink {
  /** Where it is, without a password, for people. */
  readonly name: string;
  /** Makes what is missing. @throws {SinkProblem} */
  open(): Promise<void>;
  /** Writes records that are not there yet. @throws {SinkProblem} */
  addRecords(collection: RecordCollection, records: readonly Document[]): Promise<void>;
  /** All records, in no order, as they come. Without `open` as well, and then it makes nothing. @throws {SinkProblem} */
  listRecords(collection: RecordCollection): AsyncIterable<Document>;
  /** Writes records, also over those that are there. Durable once it resolves, if progress was kept. @throws {SinkProblem} */
  replaceRecords(collection: RecordCollection, records: readonly Document[]): Promise<void>;
  /** Durable once it resolves, if progress was kept. @throws {SinkProblem} */
  removeRecords(collection: RecordCollection, ids: readonly string[]): Promise<void>;
  /** Writes documents, except over newer ones. @throws {SinkProblem} */
  putState(collection: VersionedCollection, documents: readonly StateDocument[]): Promise<void>;
  removeState(collection: VersionedCollection, ids: readonly string[]): Promise<void>;
  /** All documents of a collection, in no order. Without `open` as well, and then it makes nothing. */
  listState(collection: VersionedCollection): AsyncIterable<StateDocument>;
  /** Without `open` as well, and then it makes nothing. */
  readProgress(): Promise<Progress | undefined>;
  /** Once it resolves, state that was written before is durable; the progress stays as it is. */
  keepState(): Promise<void>;
  /** Once it resolves, all that was written before is durable, and so is this. */
  keepProgress(progress: Progress): Promise<void>;
  close(): Promise<void>;
}

/**
 * What a target does not do. `unavailable`: it may later, so it is waited for. `refused`: somebody has to do something
 * first, such as make room, or let the program write.
 */
export class SinkProblem extends Error {
  readonly kind: 'unavailable' | 'refused';

  constructor(kind: SinkProblem['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Splits into lists of at most `size`. */
export function batches<T>(items: readonly T[], size: number): T[][] {
  const lists: T[][] = [];
  for (let start = 0; start < items.length; start += size) lists.push(items.slice(start, start + size));
  return lists;
}
