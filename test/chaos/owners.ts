/** Rows about what owners and operators do meanwhile. */
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createStore } from '../../shared/store/store.ts';
import { type Ending, judgeUnlinked } from './ending.ts';
import { duringExchange, judgedMishap, mishap } from './mishap.ts';
import { names } from './orders.ts';
import type { Row } from './row.ts';
import type { Stage } from './stage.ts';

/** Longer than a link or unlink waits for a rotation, and shorter than a function may run. */
const OUT_OF_PATIENCE_MS = 6_000;
const ROTATIONS_SINCE_COPY = 2;

export function ownerRows(): Row[] {
  return [
    mishap('re-link during the exchange, which ends in time', relinkAfterExchange),
    mishap('re-link during the exchange, whose answer comes late', relinkBeforeAnswer),
    judgedMishap('unlink during the exchange', unlinkBeforeAnswer),
    // Sealed, the table is the only copy, and the younger pointers are carried over from the former one.
    mishap('the table is restored to a copy from some rotations ago', restoreOldTable),
  ];
}

async function relinkAfterExchange(stage: Stage): Promise<void> {
  let relinking: Promise<unknown> | undefined;
  await duringExchange(stage, async () => {
    const refused = leaseWanted(stage);
    relinking = stage.link();
    await refused;
  });
  await relinking;
  // That of the rotation, which the link came after.
  stage.expectLaterThan(2);
}

async function relinkBeforeAnswer(stage: Stage): Promise<void> {
  await duringExchange(stage, () => impatiently(stage, () => stage.link()));
}

async function unlinkBeforeAnswer(stage: Stage): Promise<Ending> {
  const { accountId, tokenServer } = stage;
  await duringExchange(stage, () => impatiently(stage, () => stage.other({ kind: 'unlink', accountId })));
  const { exchanges } = tokenServer.counts;
  return await judgeUnlinked(stage, await stage.takeOver(), exchanges);
}

async function restoreOldTable(stage: Stage): Promise<void> {
  const { accountId, dynamodbUrl } = stage;
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'any' };
  const client = new DynamoDBClient({ endpoint: dynamodbUrl, region: 'eu-west-1', credentials });
  const Key = { pk: { S: `ACCOUNT#${accountId}` }, sk: { S: 'TOKEN' } };
  const TableName = names.table;
  await stage.rotateOnTime();
  const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
  for (let count = 0; count < ROTATIONS_SINCE_COPY; count++) await stage.rotateOnTime();
  const { pointers } = createStore(client, TableName);
  const former = await pointers.get(accountId);
  await client.send(new PutItemCommand({ TableName, Item }));
  if (stage.setting.vault === 'sealed' && former) await pointers.carryOver(former);
  client.destroy();
  stage.expectLaterThan(2);
  await stage.rotateFirst();
}

/** Does something that waits for the lease, and lets its patience pass when it has asked for it. */
async function impatiently(stage: Stage, act: () => Promise<unknown>): Promise<void> {
  const wanted = leaseWanted(stage);
  const acting = act();
  await wanted;
  stage.clock.advance(OUT_OF_PATIENCE_MS);
  await acting;
}

/** Resolves when the other process asks for the lease, which it will not get. */
function leaseWanted(stage: Stage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stage.interrupt('other', ({ action, subject }, phase) => {
    if (action === 'UpdateItem' && subject === 'TOKEN' && phase === 'before') resolve();
  });
  return promise;
}
