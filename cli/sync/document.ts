/** What is kept on premises: the same documents whatever database they are in. */
export type { StateDocument } from '../../shared/api/copy-documents.ts';
export type { Document } from '../../shared/domain/copy-records.ts';

/** State is overwritten by what is newer; records are written once and never change. */
export const stateCollections = ['accounts', 'plants', 'modules'] as const;
export const recordCollections = ['readings', 'events'] as const;
/** What the program notes for itself, as state is kept; never before the records that it stands for. */
export const noteCollections = ['backfills'] as const;
export const collections = [...stateCollections, ...noteCollections, ...recordCollections] as const;

export type StateCollection = (typeof stateCollections)[number];
export type NoteCollection = (typeof noteCollections)[number];
export type VersionedCollection = StateCollection | NoteCollection;
export type RecordCollection = (typeof recordCollections)[number];
export type Collection = (typeof collections)[number];
