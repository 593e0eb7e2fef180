/** A rule of a ground that calls an address when a value comes (contract 6). Pure. */
import * as z from 'zod';
import { objectId } from '../house/asset.ts';
import type { Json } from '../house/profile.ts';

export const Comparison = z.enum(['any', '=', '!=', '>', '<', '>=', '<=']);

export const Rule = z.object({
  ruleId: objectId,
  groundId: objectId,
  name: z.string(),
  enabled: z.boolean(),
  /** Whose values it looks at. */
  assetId: objectId,
  /** `any`: every value fires it; else only the first for which it holds after one for which it did not. */
  comparison: Comparison,
  /** As text; compared as a number where both sides are numbers. */
  operand: z.string(),
  holds: z.boolean(),
  method: z.enum(['GET', 'POST', 'PUT']),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  /** Free text with bindings; a GET has none. */
  body: z.string(),
});
export type Rule = z.infer<typeof Rule>;

/** An attempt that is still to be made; what it says is composed when it is made. */
export const WaitingCall = z.object({
  callId: z.string(),
  ruleId: objectId,
  attempt: z.number(),
  dueEpochMs: z.number(),
  /** Sent as it is instead of the rule's body. */
  rawBody: z.string().optional(),
});
export type WaitingCall = z.infer<typeof WaitingCall>;

/** Whether this value fires the rule; remembers on which side it is. */
export function fires(rule: Rule, value: Json): boolean {
  if (rule.comparison === 'any') return true;
  const held = rule.holds;
  rule.holds = compare(value, rule.comparison, rule.operand);
  return rule.holds && !held;
}

function compare(value: Json, comparison: z.infer<typeof Comparison>, operand: string): boolean {
  const isText = typeof value !== 'number' || Number.isNaN(Number(operand));
  if (comparison === '=') return isText ? String(value) === operand : value === Number(operand);
  if (comparison === '!=') return isText ? String(value) !== operand : value !== Number(operand);
  if (isText) return false;
  const limit = Number(operand);
  if (comparison === '>') return value > limit;
  if (comparison === '<') return value < limit;
  return comparison === '>=' ? value >= limit : value <= limit;
}
