/** What is not in the copy as it should be. */
import { comparedRecord, type Document } from '../../shared/domain/copy-records.ts';
import { digestOf, isSameDigest } from '../../shared/domain/digest.ts';
import { type RecordCollection, recordCollections, stateCollections } from '../sync/document.ts';

/** Those that are compared, in the order in which they are told. */
export const comparedCollections = [...stateCollections, ...recordCollections] as const;
export type ComparedCollection = (typeof comparedCollections)[number];

export const differenceKinds = ['missing', 'extra', 'changed'] as const;
/** Of the copy: it lacks the document, it alone has it, or it has another one of that id. */
export type DifferenceKind = (typeof differenceKinds)[number];

export interface Difference {
  readonly collection: ComparedCollection;
  readonly kind: DifferenceKind;
  readonly id: string;
}

/** Takes differences as they are found. */
export type Found = (differences: readonly Difference[]) => Promise<void>;

export type PerRecords<T> = Readonly<Record<RecordCollection, T>>;

export function perRecords<T>(make: (collection: RecordCollection) => T): PerRecords<T> {
  return { events: make('events'), readings: make('readings') };
}

export function isSameRecord(a: Document, b: Document): boolean {
  return isSameDigest(digestOf([comparedRecord(asRecord(a))]), digestOf([comparedRecord(asRecord(b))]));
}

/** A record without a place, or with anything for one, is compared like any other. */
export function asRecord(document: Document) {
  return document as Document & { readonly sequence: string };
}
