/** What DynamoDB does with one call, as a function from the items before to the items after and an answer. Pure. */
import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Answer, AwsCommand } from './call.ts';
import { ExpressionRefused, isConditionMet, type StoredItem, updateItem } from './dynamodb-expressions.ts';

/** By partition and sort key; the order of the entries means nothing. */
export type Items = Readonly<Record<string, StoredItem>>;

export interface TableEffect {
  readonly items: Items;
  readonly answer: Answer;
}

/** @throws {TypeError} – when a store calls DynamoDB in a way that is not modelled */
export function callTable(items: Items, command: AwsCommand): TableEffect {
  const unknown = Object.keys(command.input).filter((field) => !modelled.has(field));
  if (unknown.length > 0) throw new TypeError(`${unknown.join()} of a call is not modelled`);
  try {
    if (command instanceof GetItemCommand)
      return { items, answer: { value: { Item: items[idOf(command.input.Key)] } } };
    if (command instanceof PutItemCommand) return put(items, command);
    if (command instanceof UpdateItemCommand) return update(items, command);
    if (command instanceof DeleteItemCommand) return remove(items, command);
    if (command instanceof QueryCommand) return { items, answer: { value: query(items, command) } };
  } catch (error) {
    if (error instanceof ExpressionRefused) return { items, answer: { refusal: 'ValidationException' } };
    throw error;
  }
  throw new TypeError(`${command.constructor.name} is not modelled`);
}

/** Fields that a call may have: what others would change nobody here does. */
const modelled = new Set([
  'TableName',
  'Key',
  'Item',
  'ConsistentRead',
  'ConditionExpression',
  'UpdateExpression',
  'KeyConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValues',
  'Limit',
]);

const conditionRefused: Answer = { refusal: 'ConditionalCheckFailedException' };

function put(items: Items, { input }: PutItemCommand): TableEffect {
  if (!isAllowed(items[idOf(input.Item)], input)) return { items, answer: conditionRefused };
  return { items: withItem(items, input.Item ?? {}), answer: { value: {} } };
}

function update(items: Items, { input }: UpdateItemCommand): TableEffect {
  const former = items[idOf(input.Key)];
  if (!isAllowed(former, input)) return { items, answer: conditionRefused };
  if (input.ReturnValues !== 'ALL_NEW') throw new TypeError('what an update returns is not modelled');
  const item = updateItem(input.UpdateExpression ?? '', input, former ?? input.Key ?? {});
  return { items: withItem(items, item), answer: { value: { Attributes: item } } };
}

function remove(items: Items, { input }: DeleteItemCommand): TableEffect {
  const id = idOf(input.Key);
  if (!isAllowed(items[id], input)) return { items, answer: conditionRefused };
  const { [id]: _, ...others } = items;
  return { items: others, answer: { value: {} } };
}

function query(items: Items, { input }: QueryCommand) {
  const found = Object.values(items)
    .filter((item) => isConditionMet(input.KeyConditionExpression ?? '', input, item))
    .sort((a, b) => Buffer.compare(Buffer.from(a.sk?.S ?? ''), Buffer.from(b.sk?.S ?? '')));
  if (found.length > (input.Limit ?? 0)) throw new TypeError('pages of queries are not modelled');
  return { Items: found };
}

function isAllowed(
  item: StoredItem | undefined,
  input: Parameters<typeof isConditionMet>[1] & { ConditionExpression?: string | undefined },
): boolean {
  return (
    input.ConditionExpression === undefined || isConditionMet(input.ConditionExpression, input, item ?? {})
  );
}

function withItem(items: Items, item: StoredItem): Items {
  return { ...items, [idOf(item)]: item };
}

function idOf(key: Record<string, AttributeValue> | undefined): string {
  return `${key?.pk?.S} ${key?.sk?.S}`;
}
