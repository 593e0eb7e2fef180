import { expect, test } from 'vitest';
import { assign, attribute, expression, writeExpressions } from '../../../shared/store/expression.ts';

test('names attributes and values with placeholders of their own', () => {
  const written = writeExpressions({
    UpdateExpression: expression`SET #status = ${'linked'} REMOVE #problem`,
  });
  expect(written).toEqual({
    UpdateExpression: 'SET #status = :v0 REMOVE #problem',
    ExpressionAttributeNames: { '#status': 'status', '#problem': 'problem' },
    ExpressionAttributeValues: { ':v0': { S: 'linked' } },
  });
});

test('shares names between the expressions of a call, and never values', () => {
  const written = writeExpressions({
    UpdateExpression: expression`SET #version = ${2}`,
    ConditionExpression: expression`#version = ${1}`,
  });
  expect(written).toEqual({
    UpdateExpression: 'SET #version = :v0',
    ConditionExpression: '#version = :v1',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':v0': { N: '2' }, ':v1': { N: '1' } },
  });
});

test('puts names known only at run time behind placeholders, whatever is in them', () => {
  const written = writeExpressions({
    UpdateExpression: expression`SET #awaited.${attribute('cmd.1 #x')} = ${null}`,
  });
  expect(written).toEqual({
    UpdateExpression: 'SET #awaited.#inserted1 = :v0',
    ExpressionAttributeNames: { '#awaited': 'awaited', '#inserted1': 'cmd.1 #x' },
    ExpressionAttributeValues: { ':v0': { NULL: true } },
  });
});

test('leaves out what an expression does not need: DynamoDB refuses empty maps', () => {
  expect(writeExpressions({ ConditionExpression: undefined })).toEqual({});
  expect(writeExpressions({ ConditionExpression: expression`attribute_not_exists(#pk)` })).toEqual({
    ConditionExpression: 'attribute_not_exists(#pk)',
    ExpressionAttributeNames: { '#pk': 'pk' },
  });
});

test('assigns what has a value and removes what is undefined', () => {
  const textOf = (attributes: Parameters<typeof assign>[0]) =>
    writeExpressions({ UpdateExpression: assign(attributes) }).UpdateExpression;
  expect(textOf({ dueAt: 'a', retryAt: undefined, attempt: 0, intent: undefined })).toBe(
    'SET #dueAt = :v0, #attempt = :v1 REMOVE #retryAt, #intent',
  );
  expect(textOf({ dueAt: 'a' })).toBe('SET #dueAt = :v0');
  expect(textOf({ intent: undefined })).toBe(' REMOVE #intent');
});
