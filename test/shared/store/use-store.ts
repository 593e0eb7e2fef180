import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Faults } from '../../../infra/local/aws/faults.ts';
import { createTable, type Table } from '../../../shared/store/item.ts';
import { createStore, type Store } from '../../../shared/store/store.ts';
import { useAws } from '../aws.ts';

/** A store on a table of its own for the tests of a file. */
export function useStore(faults?: Faults) {
  const aws = useAws(faults);
  return {
    store: (): Store => createStore(aws().dynamodb, aws().tableName),
    table: (): Table => createTable(aws().dynamodb, aws().tableName),
    dynamodb: (): DynamoDBClient => aws().dynamodb,
    tableName: (): string => aws().tableName,
  };
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
