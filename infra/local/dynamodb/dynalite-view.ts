/**
 * Views of dynalite's store. Its actions are given one in place of the store, and so what a write consists of is known
 * before any of it is stored.
 */

export type Item = Record<string, unknown>;

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

/** One item's write as dynalite computed it, not yet stored. */
export interface Write {
  readonly tableName: string;
  readonly operations: readonly Operation[];
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

export type Callback<T> = (error: Error | null, value?: T) => void;

export interface Table {
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly TableStatus: string;
}

export interface SubDb {
  readonly lock: unknown;
  get(key: string, callback: Callback<Item>): void;
  put(key: string, value: object, callback: Callback<void>): void;
  del(key: string, callback: Callback<void>): void;
}

export interface LevelRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly limit?: number;
  readonly reverse?: boolean;
}

export interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  batch(operations: readonly Operation[]): Promise<void>;
  iterator(range: LevelRange): AsyncIterable<[string, unknown]>;
}

export interface Store {
  readonly db: Level;
  readonly tableDb: SubDb;
  getItemDb(tableName: string): SubDb;
  getIndexDb(type: string, tableName: string, indexName: string): SubDb;
  getTable(tableName: string, callback: Callback<Table>): void;
}

/**
 * Index entries are collected; the item's own put or delete, which every action does last and while it holds the key's
 * lock, commits them together.
 */
export function collectingView(store: Store, commit: (write: Write) => Promise<void>) {
  const operations: Operation[] = [];
  let before: Item | undefined;
  const collect = (operation: Operation, callback: Callback<void>) => {
    operations.push(operation);
    queueMicrotask(() => callback(null));
  };
  const finish = (tableName: string, last: Operation, after: Item | undefined, callback: Callback<void>) => {
    commit({ tableName, operations: [...operations, last], before, after }).then(
      () => callback(null),
      (error: Error) => callback(error),
    );
  };
  const view: Store = {
    ...store,
    getIndexDb: (type, tableName, indexName) => {
      const prefix = `index-${type.toLowerCase()}~${tableName}~${indexName}~`;
      return {
        ...store.getIndexDb(type, tableName, indexName),
        put: (key, value, callback) => collect({ type: 'put', key: prefix + key, value }, callback),
        del: (key, callback) => collect({ type: 'del', key: prefix + key }, callback),
      };
    },
    getItemDb: (tableName) => {
      const items = store.getItemDb(tableName);
      const prefix = `item-${tableName}~`;
      return {
        ...items,
        get: (key, callback) =>
          items.get(key, (error, item) => {
            before = item;
            callback(error, item);
          }),
        put: (key, item, callback) =>
          finish(tableName, { type: 'put', key: prefix + key, value: item }, { ...item }, callback),
        del: (key, callback) => finish(tableName, { type: 'del', key: prefix + key }, undefined, callback),
      };
    },
  };
  return { store: view, before: () => before };
}

export function effectlessView(store: Store): Store {
  const nothing = (_key: string, ...rest: unknown[]) => {
    const callback = rest.at(-1) as Callback<never>;
    queueMicrotask(() => callback(null));
  };
  const effectless = (real: SubDb): SubDb => ({ ...real, get: nothing, put: nothing, del: nothing });
  return {
    ...store,
    getItemDb: (tableName) => effectless(store.getItemDb(tableName)),
    getIndexDb: (type, tableName, indexName) => effectless(store.getIndexDb(type, tableName, indexName)),
  };
}
