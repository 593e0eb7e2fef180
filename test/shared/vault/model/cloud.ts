/** Everything outside of the workers as one value: table, secrets, provider and the time. Pure. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { TokenPointer } from '../../../../shared/domain/token-pointer.ts';
import { keys } from '../../../../shared/store/keys.ts';
import type { Answer, Call } from './call.ts';
import { callSecrets, type StoredSecrets } from './secret-calls.ts';
import { callTable, type Items } from './table-calls.ts';
import { callProvider, type Presented, type ProviderRules } from './token-endpoint.ts';

export interface Cloud {
  readonly items: Items;
  readonly secrets: StoredSecrets;
  readonly presented: Presented;
  readonly nowMs: number;
}

/** Lets a call have its effect, whole and at once. */
export function callCloud(rules: ProviderRules, cloud: Cloud, call: Call): { cloud: Cloud; answer: Answer } {
  switch (call.to) {
    case 'table': {
      const { items, answer } = callTable(cloud.items, call.command);
      return { cloud: { ...cloud, items }, answer };
    }
    case 'secrets': {
      const { secrets, answer } = callSecrets(cloud.secrets, call.command);
      return { cloud: { ...cloud, secrets }, answer };
    }
    case 'provider': {
      const { presented, value } = callProvider(rules, cloud.presented, call.request);
      return { cloud: { ...cloud, presented }, answer: { value } };
    }
    case 'clock':
      return { cloud: passTo(cloud, call.wakeAtMs), answer: { value: undefined } };
  }
}

/** Pauses of several workers overlap, so time may be further already. */
export function passTo(cloud: Cloud, atMs: number): Cloud {
  return { ...cloud, nowMs: Math.max(cloud.nowMs, atMs) };
}

export function pointerIn({ items }: Cloud, accountId: string): TokenPointer | undefined {
  const { pk, sk } = keys.pointer(accountId);
  const item = items[`${pk} ${sk}`];
  return item && TokenPointer.parse(unmarshall(item));
}

/** The same text for equal clouds, whatever order their parts came in. */
export function textOf({ items, secrets, presented, nowMs }: Cloud): string {
  return `${textOfPart(items)} ${textOfPart(secrets)} ${presented.join()} ${nowMs}`;
}

const texts = new WeakMap<object, string>();

/** Most parts are the same object in many clouds. */
function textOfPart(part: Items | StoredSecrets): string {
  const known = texts.get(part);
  if (known !== undefined) return known;
  const text = sortedText(part);
  texts.set(part, text);
  return text;
}

function sortedText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
