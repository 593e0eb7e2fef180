/**
 * DynamoDB's actions on LevelDB, by dynalite 4.0.0; this file and its views are all that know dynalite's insides.
 * Its actions are called directly rather than through its HTTP server, because an action can then be given a *view* of
 * the store that collects its puts and deletes. Item, index entries and stream record so become one atomic LevelDB
 * batch: killed at any instant, either all of a write is there or nothing, and there is nothing to repair.
 */
import { createRequire } from 'node:module';
import { AwsRefusal, refusal } from '../aws/aws-refusal.ts';
import { place } from '../template/place.ts';
import { collectingView, effectlessView, type Item, type Store, type Write } from './dynalite-view.ts';

interface Validations {
  checkTypes(input: object, types: unknown): Item;
  checkValidations(input: Item, types: unknown, custom: unknown, store: Store): void;
}

const load = createRequire(import.meta.url);
const validations: Validations = load('dynalite/validations');
const database: { create(options: object): Store } = load('dynalite/db');

export type Engine = ReturnType<typeof openEngine>;

/** @param path folder of the LevelDB; without one everything is kept in memory */
export function openEngine(path: string | undefined) {
  const store = database.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  Object.assign(store.tableDb, { awsRegion: place.region, awsAccountId: place.accountId });
  return {
    level: store.db,
    perform: (action: string, input: object) => perform(store, action, input),
    /** Performs one PutItem, UpdateItem or DeleteItem; `commit` has to store what the write consists of. */
    write: (action: string, input: object, commit: (write: Write) => Promise<void>) => {
      const view = collectingView(store, commit);
      return perform(view.store, action, input).catch((error: unknown) => {
        throw withConflictingItem(error, input, view.before());
      });
    },
    /** Performs an action against a store without effect: all its checks, nothing else. */
    rehearse: (action: string, input: object) => perform(effectlessView(store), action, input),
    /** A table whose creation was interrupted stays in CREATING for ever otherwise. */
    activate: (tableName: string, description: object) =>
      new Promise<void>((resolve, reject) => {
        const active = { ...description, TableStatus: 'ACTIVE' };
        store.tableDb.put(tableName, active, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

function perform(store: Store, action: string, input: object): Promise<Item> {
  return new Promise((resolve, reject) => {
    const name = action.charAt(0).toLowerCase() + action.slice(1);
    try {
      const { types, custom } = load(`dynalite/validations/${name}`);
      const checked = validations.checkTypes({ ...input }, types);
      validations.checkValidations(checked, types, custom, store);
      load(`dynalite/actions/${name}`)(store, checked, (error: Error | null, answer: Item) => {
        if (error) reject(asRefusal(error));
        else resolve(answer);
      });
    } catch (error) {
      reject(asRefusal(error));
    }
  });
}

function asRefusal(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('statusCode' in error && 'body' in error) {
    return new AwsRefusal(Number(error.statusCode), { ...(error.body as object) });
  }
  if ('code' in error && error.code === 'MODULE_NOT_FOUND') {
    return refusal(
      'com.amazon.coral.service#UnknownOperationException',
      'dynalite does not know this action',
    );
  }
  return error;
}

/** dynalite ignores ReturnValuesOnConditionCheckFailure; the item that failed the condition is known here. */
function withConflictingItem(error: unknown, input: object, before: Item | undefined): unknown {
  const isWanted =
    'ReturnValuesOnConditionCheckFailure' in input && input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  if (!isWanted || !before || !(error instanceof AwsRefusal)) return error;
  if (!String(error.body.__type).endsWith('#ConditionalCheckFailedException')) return error;
  return new AwsRefusal(error.status, { ...error.body, Item: before });
}
