/**
 * The part of DynamoDB's expressions that stores write: conditions and updates on one item in the wire's own form.
 * It throws at whatever it does not know, so that a new kind of expression is never silently taken for true. Pure.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type StoredItem = Readonly<Record<string, AttributeValue>>;

export interface Placeholders {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/** What DynamoDB calls a ValidationException, although the expression is well formed. */
export class ExpressionRefused extends Error {}

export function isConditionMet(text: string, placeholders: Placeholders, item: StoredItem): boolean {
  const reader = readTokens(text, placeholders);
  const met = readAlternatives(reader, item);
  reader.end();
  return met;
}

/** The item after an update; every value is computed from the item as it was before. */
export function updateItem(text: string, placeholders: Placeholders, item: StoredItem): StoredItem {
  const reader = readTokens(text, placeholders);
  let next = item;
  while (!reader.isAtEnd()) {
    const clause = reader.take();
    if (clause !== 'SET' && clause !== 'REMOVE') throw new TypeError(`unknown clause ${clause}`);
    do {
      const path = reader.path();
      if (clause === 'SET') reader.expect('=');
      next = withValue(next, path, clause === 'SET' ? readAssigned(reader, item) : undefined);
    } while (reader.takeIf(','));
  }
  return next;
}

type Reader = ReturnType<typeof readTokens>;

const TOKEN = /\s*([#:]\w+|\w+|<>|<=|>=|[=<>(),.+-])/y;

function readTokens(text: string, placeholders: Placeholders) {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new TypeError(`cannot read «${text.slice(at)}»`);
    tokens.push(token);
  }
  let next = 0;

  const reader = {
    isAtEnd: () => next === tokens.length,
    peek: () => tokens[next],
    take: () => tokens[next++] ?? '',
    takeIf: (token: string) => tokens[next] === token && next++ >= 0,
    expect(token: string) {
      if (!reader.takeIf(token)) throw new TypeError(`«${token}» is missing in «${text}»`);
    },
    end() {
      if (!reader.isAtEnd()) throw new TypeError(`«${tokens[next]}» is not understood in «${text}»`);
    },
    path(): string[] {
      const path = [];
      do path.push(found(placeholders.ExpressionAttributeNames, reader.take()));
      while (reader.takeIf('.'));
      return path;
    },
    /** `undefined` for an attribute that the item has not. */
    operand: (item: StoredItem): AttributeValue | undefined =>
      reader.peek()?.startsWith(':')
        ? found(placeholders.ExpressionAttributeValues, reader.take())
        : valueAt(item, reader.path()),
  };
  return reader;
}

function found<T>(known: Record<string, T> | undefined, token: string): T {
  const value = known?.[token];
  if (value === undefined) throw new TypeError(`«${token}» is no placeholder of this call`);
  return value;
}

function readAlternatives(reader: Reader, item: StoredItem): boolean {
  let met = readConjunction(reader, item);
  // Not `||`: what follows has to be read whatever came before.
  while (reader.takeIf('OR')) met = readConjunction(reader, item) || met;
  return met;
}

function readConjunction(reader: Reader, item: StoredItem): boolean {
  let met = readTerm(reader, item);
  while (reader.takeIf('AND')) met = readTerm(reader, item) && met;
  return met;
}

function readTerm(reader: Reader, item: StoredItem): boolean {
  if (reader.takeIf('NOT')) return !readTerm(reader, item);
  if (reader.takeIf('(')) {
    const met = readAlternatives(reader, item);
    reader.expect(')');
    return met;
  }
  return /^\w/.test(reader.peek() ?? '') ? readFunction(reader, item) : readComparison(reader, item);
}

function readFunction(reader: Reader, item: StoredItem): boolean {
  const name = reader.take();
  reader.expect('(');
  const first = reader.operand(item);
  const second = reader.takeIf(',') ? reader.operand(item) : undefined;
  reader.expect(')');
  if (name === 'attribute_exists') return first !== undefined;
  if (name === 'attribute_not_exists') return first === undefined;
  if (name === 'begins_with') return isBeginning(first, second);
  throw new TypeError(`unknown function ${name}`);
}

function isBeginning(whole: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  return part?.S !== undefined && whole?.S?.startsWith(part.S) === true;
}

function readComparison(reader: Reader, item: StoredItem): boolean {
  const left = reader.operand(item);
  const comparator = reader.take();
  const right = reader.operand(item);
  if (comparator === '=') return left !== undefined && isSame(left, right);
  if (comparator === '<>') return left === undefined || !isSame(left, right);
  const order = left && right && orderOf(left, right);
  if (comparator === '<') return order !== undefined && order < 0;
  if (comparator === '<=') return order !== undefined && order <= 0;
  if (comparator === '>') return order !== undefined && order > 0;
  if (comparator === '>=') return order !== undefined && order >= 0;
  throw new TypeError(`unknown comparator ${comparator}`);
}

function isSame(left: AttributeValue, right: AttributeValue | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Negative, zero or positive; `undefined` where the two have no order. */
function orderOf(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.N !== undefined && right.N !== undefined) return Number(left.N) - Number(right.N);
  if (left.S !== undefined && right.S !== undefined)
    return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  return undefined;
}

function readAssigned(reader: Reader, item: StoredItem): AttributeValue {
  const first = present(reader.operand(item));
  const sign = reader.peek();
  if (sign !== '+' && sign !== '-') return first;
  reader.take();
  const second = present(reader.operand(item));
  if (first.N === undefined || second.N === undefined)
    throw new ExpressionRefused('only numbers can be added');
  return { N: String(Number(first.N) + Number(second.N) * (sign === '+' ? 1 : -1)) };
}

function present(value: AttributeValue | undefined): AttributeValue {
  if (value === undefined) throw new ExpressionRefused('an operand refers to an attribute that is not there');
  return value;
}

function valueAt(item: StoredItem, [name = '', ...rest]: readonly string[]): AttributeValue | undefined {
  const value = item[name];
  return rest.length === 0 || value === undefined ? value : valueAt(value.M ?? {}, rest);
}

/** `undefined` removes. */
function withValue(
  item: StoredItem,
  [name = '', ...rest]: readonly string[],
  value: AttributeValue | undefined,
): StoredItem {
  if (rest.length === 0) {
    const { [name]: _, ...others } = item;
    return value === undefined ? others : { ...others, [name]: value };
  }
  const map = item[name]?.M;
  if (!map) throw new ExpressionRefused('the document path is not valid for this item');
  return { ...item, [name]: { M: withValue(map, rest, value) as Record<string, AttributeValue> } };
}
