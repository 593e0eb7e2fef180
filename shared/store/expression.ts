/**
 * DynamoDB expressions as tagged templates: `#name` is an attribute's name, `${value}` a value, so that no
 * placeholder has to be invented or kept in step by hand.
 *
 *     expression`SET #status = ${'linked'} REMOVE #stateHash`
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToAttr } from '@aws-sdk/util-dynamodb';

/** `undefined` is not among them: DynamoDB cannot store it, and a condition on it would never hold. */
export type ExpressionValue = string | number | boolean | null | object;

export interface Expression {
  readonly parts: readonly string[];
  readonly inserted: readonly ExpressionValue[];
}

export function expression(parts: TemplateStringsArray, ...inserted: ExpressionValue[]): Expression {
  return { parts, inserted };
}

/** An update that sets what has a value and removes what is `undefined`. */
export function assign(attributes: Readonly<Record<string, ExpressionValue | undefined>>): Expression {
  const entries = Object.entries(attributes);
  const values = entries.filter((entry): entry is [string, ExpressionValue] => entry[1] !== undefined);
  const gone = entries.filter(([, value]) => value === undefined).map(([name]) => `#${name}`);
  return {
    parts: [
      ...values.map(([name], index) => `${index === 0 ? 'SET' : ','} #${name} = `),
      gone.length > 0 ? ` REMOVE ${gone.join(', ')}` : '',
    ],
    inserted: values.map(([, value]) => value),
  };
}

/** The name of an attribute that is known only at run time, such as a key of a map. */
export function attribute(name: string): ExpressionValue {
  return new AttributeName(name);
}

class AttributeName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

type ExpressionField = 'UpdateExpression' | 'ConditionExpression' | 'KeyConditionExpression';

/** Writes the expressions of one call, with the names and values they share. */
export function writeExpressions(expressions: Partial<Record<ExpressionField, Expression | undefined>>) {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const texts: Partial<Record<ExpressionField, string>> = {};

  const place = (value: ExpressionValue): string => {
    if (value instanceof AttributeName) {
      const token = `#inserted${Object.keys(names).length}`;
      names[token] = value.name;
      return token;
    }
    const token = `:v${Object.keys(values).length}`;
    values[token] = convertToAttr(value, { removeUndefinedValues: true });
    return token;
  };

  for (const [field, expr] of Object.entries(expressions)) {
    if (expr === undefined) continue;
    for (const part of expr.parts)
      for (const [token, name] of part.matchAll(/#(\w+)/g)) names[token] = name ?? '';
    texts[field as ExpressionField] = expr.parts
      .map((part, index) =>
        index < expr.inserted.length ? part + place(expr.inserted[index] ?? null) : part,
      )
      .join('');
  }
  return {
    ...texts,
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}
