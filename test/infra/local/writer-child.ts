/**
 * Started by `crash.test.ts` and killed by it: opens the table in a folder and writes to a few items without a pause,
 * telling on stdout which write is answered.
 */
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { startDynamodb } from '../../../infra/local/dynamodb.ts';
import { clientOf, homesTable } from './homes-table.ts';

const [path = '', round = '0'] = process.argv.slice(2);
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
