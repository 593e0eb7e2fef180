/** Copies what there is, then follows the feed. May be stopped at any moment, and goes on from the progress in the target. */
import { setTimeout as pause } from 'node:timers/promises';
import { eventDocument, readingDocuments } from '../../shared/domain/copy-records.ts';
import type { Event } from '../../shared/domain/event.ts';
import { toUtc } from '../../shared/domain/time.ts';
import { ApiProblem } from '../api.ts';
import type { Backfill } from './backfill/backfill.ts';
import { notesUnlinked } from './backfill/series.ts';
import { type Document, type StateCollection, type StateDocument, stateCollections } from './document.ts';
import { type Progress, type Sink, SinkProblem } from './sink.ts';
import type { Source } from './source.ts';

/** Events taken and written at a time. */
const PAGE = 1_000;
/** How long the API holds an answer until something happens, seconds. */
const WAIT_SECONDS = 20;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const BATCH = 500;

export interface SyncWish {
  readonly source: Source;
  readonly sink: Sink;
  /** Ends once all that is there is copied, rather than follow. */
  readonly once: boolean;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly report: (news: News) => void;
  /** What the providers kept of the time before; the feed goes first. */
  readonly backfill?: Backfill | undefined;
}

type FeedPage = Awaited<ReturnType<Source['events']>>;

export type News =
  | { readonly kind: 'progress'; readonly progress: Progress; readonly caughtUp: boolean }
  | Waiting;

export interface Waiting {
  readonly kind: 'waiting';
  readonly seconds: number;
  readonly reason: string;
}

/** What it takes to wait for either side. */
export interface Patience {
  readonly signal: AbortSignal;
  readonly report: (news: Waiting) => void;
  /** Told what went wrong, before it is waited for and before it ends the work. */
  readonly note?: (message: string) => Promise<void>;
}

/**
 * @throws {SinkProblem} refused – the target does not take it until somebody has done something
 * @throws {ApiProblem} – the API refuses
 */
export async function runSync(wish: SyncWish): Promise<Progress | undefined> {
  const { sink, source, signal, once, report, backfill, now } = wish;
  let progress: Progress | undefined;
  let lastError: Progress['lastError'];
  /** Kept at once, as far as the target can be written: nothing else may be written for long. */
  const note = async (message: string) => {
    const isTold = message === lastError?.message && lastError.at > (progress?.updatedAt ?? '');
    lastError = { at: toUtc(now()), message };
    if (progress && !isTold) await sink.keepProgress({ ...progress, lastError }).catch(() => undefined);
  };
  const patience = { signal, report, note };
  /** What the backfill wrote last is durable, and noted, with the next progress. */
  let isUnkept = false;
  const waitSeconds = (known: Progress | undefined): number => {
    if (!known || isUnkept || (once && (backfill?.isOver() ?? true))) return 0;
    return Math.min(WAIT_SECONDS, Math.ceil((backfill?.idleMs() ?? Number.POSITIVE_INFINITY) / 1000));
  };
  await patiently(patience, () => sink.open());
  progress = await patiently(patience, () => sink.readProgress());
  lastError = progress?.lastError;
  let ahead: Promise<FeedPage | undefined> | undefined;
  while (!signal.aborted) {
    const read = () => source.events(progress?.cursor, PAGE, waitSeconds(progress));
    const page = (await ahead) ?? (await patiently(patience, read));
    if (page === undefined) break;
    const caughtUp = !page.more;
    // Read while this one is written; where that fails, it is read again in its turn.
    ahead = caughtUp ? undefined : source.events(page.next, PAGE, 0).catch(() => undefined);
    const known = progress;
    const kept = await patiently(patience, () => take(wish, { ...known, lastError }, page, caughtUp));
    if (kept === undefined) break;
    progress = kept;
    report({ kind: 'progress', progress, caughtUp });
    if (page.events.some(changesWhatThereIs)) backfill?.lookAgain();
    // What the backfill wrote before this page is durable by now.
    if (once && caughtUp && page.events.length === 0 && (backfill?.isOver() ?? true)) break;
    if (caughtUp && backfill) isUnkept = (await patiently(patience, () => backfill.step())) ?? false;
  }
  return progress;
}

/** Writes a page of the feed and what it means for the state; the progress comes last. */
async function take(
  { sink, source, now }: SyncWish,
  known: Partial<Progress>,
  { events, next }: FeedPage,
  caughtUp: boolean,
): Promise<Progress> {
  await sink.addRecords('events', events.map(eventDocument));
  await sink.addRecords('readings', events.flatMap(readingDocuments));
  const wasFollowing = known.phase === 'following';
  // While old events are copied, the state of then is of no use: it is copied as it is, once they are.
  if (wasFollowing) await followState(sink, source, events);
  else if (caughtUp) await copyState(sink, source);
  const last = events.at(-1);
  const lastEventAt = last?.time ?? known.lastEventAt;
  const { lastError } = known;
  const progress: Progress = {
    cursor: next,
    phase: wasFollowing || caughtUp ? 'following' : 'copying',
    events: (known.events ?? 0) + events.length,
    updatedAt: toUtc(now()),
    ...(lastEventAt !== undefined && { lastEventAt }),
    ...(lastError !== undefined && { lastError }),
  };
  await sink.keepProgress(progress);
  return progress;
}

/** Makes the state in the target what it is in the source, and removes what is gone. */
async function copyState(sink: Sink, source: Source): Promise<void> {
  for (const collection of stateCollections) {
    const gone = new Set<string>();
    for await (const { id } of sink.listState(collection)) gone.add(id);
    let batch: StateDocument[] = [];
    for await (const document of source.all(collection)) {
      gone.delete(document.id);
      batch.push(document);
      if (batch.length < BATCH) continue;
      await sink.putState(collection, batch);
      batch = [];
    }
    await sink.putState(collection, batch);
    await sink.removeState(collection, [...gone]);
  }
}

/** What events tell of is read again as it is now: so it does not matter how often, or how late, they are told. */
async function followState(sink: Sink, source: Source, events: readonly Event[]): Promise<void> {
  const unlinked = events.filter(({ type }) => type === 'latchkey.account.unlinked');
  const changed = events.filter(({ type }) => type === 'latchkey.plant.changed');
  // Before anything is read again: what was gone and is back counts its versions from the beginning.
  for (const { data, time } of unlinked) await removeAccount(sink, data.accountId, time);
  await sink.removeState('modules', idsIn(changed.filter(saysGone('moduleRemoved')), 'moduleId'));
  await sink.removeState('plants', idsIn(changed.filter(saysGone('removed')), 'plantId'));
  const accounts = new Set(events.filter(isOfAccount).map(({ data }) => data.accountId));
  for (const accountId of accounts) await renew(sink, source, 'accounts', accountId);
  const plants = new Set(idsIn(changed, 'plantId'));
  for (const plantId of plants) await renewPlant(sink, source, plantId);
  const ofModules = events.filter(({ type }) => type.startsWith('latchkey.module.'));
  const modules = new Set(idsIn(ofModules, 'moduleId'));
  for (const moduleId of modules) await renew(sink, source, 'modules', moduleId);
}

function isOfAccount({ type }: Event): boolean {
  return type.startsWith('latchkey.account.') || type.startsWith('latchkey.webhook.');
}

/** Accounts and modules come and go. */
function changesWhatThereIs({ type }: Event): boolean {
  return /^latchkey\.(?:account\.(?:un)?linked|plant\.changed)$/.test(type);
}

function saysGone(field: 'removed' | 'moduleRemoved'): (event: Event) => boolean {
  return ({ data }) => data[field] === true;
}

function idsIn(events: readonly Event[], field: 'plantId' | 'moduleId'): string[] {
  return events.map(({ data }) => data[field]).filter((id) => typeof id === 'string');
}

async function renew(sink: Sink, source: Source, collection: StateCollection, id: string): Promise<void> {
  const document = await source.one(collection, id);
  if (document) await sink.putState(collection, [document]);
  else await sink.removeState(collection, [id]);
}

async function renewPlant(sink: Sink, source: Source, plantId: string): Promise<void> {
  await renew(sink, source, 'plants', plantId);
  const present = await source.modulesOf(plantId);
  const ids = new Set(present.map(({ id }) => id));
  const gone = await idsWhere(sink, 'modules', (module) => module.plantId === plantId && !ids.has(module.id));
  await sink.removeState('modules', gone);
  await sink.putState('modules', present);
}

async function removeAccount(sink: Sink, accountId: string, at: string): Promise<void> {
  const isIts = (document: Document) => document.accountId === accountId;
  for (const collection of ['modules', 'plants'] as const)
    await sink.removeState(collection, await idsWhere(sink, collection, isIts));
  await sink.removeState('accounts', [accountId]);
  const notes: StateDocument[] = [];
  for await (const note of sink.listState('backfills')) notes.push(note);
  await sink.putState('backfills', notesUnlinked(notes, accountId, at));
}

async function idsWhere(
  sink: Sink,
  collection: StateCollection,
  fits: (document: StateDocument) => boolean,
): Promise<string[]> {
  const ids: string[] = [];
  for await (const document of sink.listState(collection)) if (fits(document)) ids.push(document.id);
  return ids;
}

/** Goes on trying while either side is away; `undefined` when the program is to stop meanwhile. */
export async function patiently<T>(
  { signal, report, note }: Patience,
  work: () => Promise<T>,
): Promise<T | undefined> {
  for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      // What was broken off by the stop is nothing that is waited for.
      if (signal.aborted && mayPass(error)) break;
      if (isNamed(error)) await note?.(error.message);
      if (!mayPass(error)) throw error;
      report({ kind: 'waiting', seconds: pauseMs / 1000, reason: error.message });
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

function isNamed(error: unknown): error is SinkProblem | ApiProblem {
  return error instanceof SinkProblem || error instanceof ApiProblem;
}

function mayPass(error: unknown): error is Error {
  if (error instanceof SinkProblem) return error.kind === 'unavailable';
  return error instanceof ApiProblem && error.mayPass;
}
