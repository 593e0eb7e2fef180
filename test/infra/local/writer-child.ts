/**
 * Started by `crash.test.ts`: opens the table in a folder and writes to a few items without a pause, telling on stdout
 * which write is answered. It is killed from outside, or kills itself right after LevelDB has stored something for
 * the so-manieth time: whatever takes two of those is torn apart by it.
 */

import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ClassicLevel } from 'classic-level';
import { startDynamodb } from '../../../infra/local/dynamodb.ts';
import { clientOf, homesTable } from './homes-table.ts';

const [path = '', round = '0', storesBeforeDeath = 'Infinity'] = process.argv.slice(2);

let stores = 0;
type Store = (...args: unknown[]) => Promise<void>;
const level = ClassicLevel.prototype as unknown as Record<'_put' | '_del' | '_batch', Store>;
for (const name of ['_put', '_del', '_batch'] as const) {
  const store = level[name];
  level[name] = async function counted(...args) {
    await Reflect.apply(store, this, args);
    stores += 1;
    if (stores >= Number(storesBeforeDeath)) process.kill(process.pid, 'SIGKILL');
  };
}

const dynamodb = await startDynamodb({ table: homesTable, path });
const client = clientOf(dynamodb.url);
const TableName = 'homes';

async function write(lane: number): Promise<never> {
  for (let count = 0; ; count += 1) {
    const Key = { pk: { S: `LANE#${lane}` }, sk: { S: 'ITEM' } };
    const value = `${round}.${count}`;
    if (count % 5 === 4) {
      await client.send(new DeleteItemCommand({ TableName, Key }));
    } else {
      const due = { dueShard: { S: 'ALL' }, dueAt: { S: value } };
      await client.send(new PutItemCommand({ TableName, Item: { ...Key, value: { S: value }, ...due } }));
    }
    process.stdout.write(`${lane} ${count % 5 === 4 ? '-' : value}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(write));
