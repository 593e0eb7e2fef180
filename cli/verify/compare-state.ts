/**
 * Compares accounts, plants and modules: sums of the copy with the source's digests account by account, and documents of
 * those that differ. While things happen a copy is always a little behind; an account of which the feed tells news after
 * the copy's cursor is so, and is not taken for different.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { comparedState } from '../../shared/api/copy-documents.ts';
import { type Digest, DigestSum, digestOf, isSameDigest } from '../../shared/domain/digest.ts';
import { type StateCollection, type StateDocument, stateCollections } from '../sync/document.ts';
import { batches } from '../sync/sink.ts';
import { type Comparing, seesTooLittle } from './comparing.ts';
import type { Difference } from './difference.ts';
import type { AccountState } from './original.ts';

export type PerState<T> = Readonly<Record<StateCollection, T>>;

export interface StateCompared {
  /** Of the copy. */
  readonly documents: PerState<number>;
  /** Accounts of which something is not copied yet. */
  readonly behind: readonly string[];
}

/** Accounts whose documents are compared at a time. */
const PORTION = 500;
/** State is written a moment before the feed tells of it: so what differs is given so much time to be told, in turns. */
const LOOK_PAUSES_MS = [1_000, 2_000, 4_000];

/** @throws {ApiProblem} – the token does not see all modules */
export async function compareState(comparing: Comparing): Promise<StateCompared> {
  const { patient, original, step } = comparing;
  const { sums, strays, documents } = await patient(() => sumState(comparing));
  await mendState(comparing, strays);
  const differing: string[] = [];
  let accounts = 0;
  for await (const digests of original.accounts()) {
    step('comparing accounts', ++accounts);
    const ours = sums.get(digests.accountId);
    sums.delete(digests.accountId);
    const isSame = (collection: StateCollection) =>
      ours !== undefined && isSameDigest(ours[collection].total(), digests[collection]);
    if (!stateCollections.every(isSame)) differing.push(digests.accountId);
  }
  // Those that only the copy has.
  differing.push(...sums.keys());
  const behind: string[] = [];
  let done = 0;
  for (const portion of batches(differing, PORTION)) {
    step('reading again accounts that differ', done, differing.length);
    behind.push(...(await compareAccounts(comparing, portion)));
    done += portion.length;
  }
  return { documents, behind };
}

function perState<T>(make: () => T): PerState<T> {
  return { accounts: make(), plants: make(), modules: make() };
}

/** `undefined`: the document does not say. */
function accountOf(collection: StateCollection, { id, accountId }: StateDocument): string | undefined {
  if (collection === 'accounts') return id;
  return typeof accountId === 'string' ? accountId : undefined;
}

/** Sums by account; and what belongs to none. */
async function sumState({ sink }: Comparing) {
  const sums = new Map<string, PerState<DigestSum>>();
  const strays: StateDifference[] = [];
  const documents = { accounts: 0, plants: 0, modules: 0 };
  for (const collection of stateCollections)
    for await (const document of sink.listState(collection)) {
      documents[collection]++;
      const accountId = accountOf(collection, document);
      if (accountId === undefined) {
        strays.push({ collection, kind: 'extra', id: document.id });
        continue;
      }
      const sum = sums.get(accountId) ?? perState(() => new DigestSum());
      sums.set(accountId, sum);
      sum[collection].add(comparedState(document));
    }
  return { sums, strays, documents };
}

interface StateDifference extends Difference {
  readonly collection: StateCollection;
  /** As it should be; absent where it is extra. */
  readonly document?: StateDocument;
  /** Of the one in the copy. */
  readonly version?: number;
}

/** What is behind, of these accounts; what differs is told and mended. */
async function compareAccounts(comparing: Comparing, portion: readonly string[]): Promise<string[]> {
  const { original, patient, sink, signal } = comparing;
  // In this order: what the copy had by this cursor, the copy, the source. So whatever the copy lacks by then, because it
  // happened since, is told after the cursor.
  const progress = await patient(() => sink.readProgress());
  const copied = await patient(() => readCopied(comparing, new Set(portion)));
  let open = new Map<string, StateDifference[]>();
  for (const accountId of portion) {
    const ours = copied.get(accountId) ?? perState(() => new Map<string, Copied>());
    const theirs = await original.stateOf(accountId);
    await assertSeen(comparing, ours, theirs);
    const differences = differencesOf(ours, theirs);
    if (differences.length > 0) open.set(accountId, differences);
  }
  const behind: string[] = [];
  for (const pauseMs of LOOK_PAUSES_MS) {
    if (open.size === 0) break;
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    for (const accountId of open.keys())
      if (progress && (await original.hasNewsOf(accountId, progress.cursor))) behind.push(accountId);
    open = new Map([...open].filter(([accountId]) => !behind.includes(accountId)));
  }
  await mendState(comparing, [...open.values()].flat());
  return behind;
}

/** As much of a document as it takes to compare it. */
interface Copied {
  readonly digest: Digest;
  readonly version: number;
  /** Of a plant. */
  readonly moduleIds: readonly string[];
}

async function readCopied({ sink }: Comparing, accountIds: ReadonlySet<string>) {
  const copied = new Map<string, PerState<Map<string, Copied>>>();
  for (const collection of stateCollections)
    for await (const document of sink.listState(collection)) {
      const accountId = accountOf(collection, document);
      if (accountId === undefined || !accountIds.has(accountId)) continue;
      const its = copied.get(accountId) ?? perState(() => new Map<string, Copied>());
      copied.set(accountId, its);
      its[collection].set(document.id, {
        digest: digestOf([comparedState(document)]),
        version: Number(document.version),
        moduleIds: moduleIdsIn(document),
      });
    }
  return copied;
}

function moduleIdsIn({ moduleIds }: StateDocument): string[] {
  return Array.isArray(moduleIds) ? moduleIds.map(String) : [];
}

/** Modules that the token may not see look like those that are gone. */
async function assertSeen(
  { original }: Comparing,
  ours: PerState<ReadonlyMap<string, Copied>>,
  theirs: AccountState,
): Promise<void> {
  if (theirs.accounts.length === 0) return;
  const seen = new Set(theirs.modules.map(({ id }) => id));
  const copied = [...ours.modules.keys(), ...[...ours.plants.values()].flatMap(({ moduleIds }) => moduleIds)];
  for (const id of new Set(copied))
    if (!seen.has(id) && (await original.isHidden(id))) throw seesTooLittle(`not the module ${id}`);
}

function differencesOf(ours: PerState<ReadonlyMap<string, Copied>>, theirs: AccountState): StateDifference[] {
  return stateCollections.flatMap((collection) => {
    const left = new Map(ours[collection]);
    const differences: StateDifference[] = [];
    for (const document of theirs[collection]) {
      const { id } = document;
      const copied = left.get(id);
      left.delete(id);
      if (!copied) differences.push({ collection, kind: 'missing', id, document });
      else if (!isSameDigest(copied.digest, digestOf([comparedState(document)])))
        differences.push({ collection, kind: 'changed', id, document, version: copied.version });
    }
    for (const id of left.keys()) differences.push({ collection, kind: 'extra', id });
    return differences;
  });
}

async function mendState(
  { sink, mend, patient, found }: Comparing,
  differences: readonly StateDifference[],
): Promise<void> {
  if (mend && differences.length > 0) {
    for (const collection of stateCollections) {
      const its = differences.filter((each) => each.collection === collection);
      const documents = its.flatMap(({ document }) => document ?? []);
      // A sink takes no older document over a newer one, and by its number the copy's may be the newer.
      const gone = its.filter(({ document, version = 0 }) => !document || !(version <= document.version));
      await patient(() =>
        sink.removeState(
          collection,
          gone.map(({ id }) => id),
        ),
      );
      await patient(() => sink.putState(collection, documents));
    }
    await patient(() => sink.keepState());
  }
  await found(differences.map(({ collection, kind, id }): Difference => ({ collection, kind, id })));
}
