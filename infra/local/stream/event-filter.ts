/**
 * The pattern language of event source mappings, as far as Latchkey uses it: exact values, `prefix`, `suffix`,
 * `exists`, `anything-but`. Pure.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
import * as z from 'zod';
import { LatchkeyError } from '../../../shared/domain/error.ts';

const Exact = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Rule = z.union([
  Exact,
  z.strictObject({ prefix: z.string() }),
  z.strictObject({ suffix: z.string() }),
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({
    'anything-but': z.union([
      Exact.transform((one) => [one]),
      z.array(Exact),
      z.strictObject({ prefix: z.string() }),
    ]),
  }),
]);
type Rule = z.infer<typeof Rule>;

type Pattern = readonly Rule[] | { readonly [name: string]: Pattern };
const Pattern: z.ZodType<Pattern> = z.lazy(() => z.union([z.array(Rule), z.record(z.string(), Pattern)]));

export type EventFilter = (record: unknown) => boolean;

/**
 * A record passes if any of the patterns fits; without patterns all pass.
 * @throws {LatchkeyError} config_invalid – when a pattern says something that is not known here
 */
export function createFilter(patterns: readonly string[]): EventFilter {
  const parsed = patterns.map((pattern) => {
    const result = Pattern.safeParse(JSON.parse(pattern));
    if (result.success) return result.data;
    throw new LatchkeyError('config_invalid', `filter pattern is not understood: ${pattern}`);
  });
  return (record) => parsed.length === 0 || parsed.some((pattern) => isMatch(pattern, record));
}

function isMatch(pattern: Pattern, value: unknown): boolean {
  if (isRules(pattern)) {
    const candidates: unknown[] = Array.isArray(value) ? value : [value];
    return pattern.some((rule) => candidates.some((candidate) => isRuleMet(rule, candidate)));
  }
  return Object.entries(pattern).every(([name, inner]) => isMatch(inner, memberOf(value, name)));
}

function isRules(pattern: Pattern): pattern is readonly Rule[] {
  return Array.isArray(pattern);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function isRuleMet(rule: Rule, value: unknown): boolean {
  if (typeof rule !== 'object' || rule === null) return rule === value;
  if ('exists' in rule) return rule.exists === (value !== undefined);
  if ('prefix' in rule) return typeof value === 'string' && value.startsWith(rule.prefix);
  if ('suffix' in rule) return typeof value === 'string' && value.endsWith(rule.suffix);
  const unwanted = rule['anything-but'];
  if (value === undefined) return false;
  return Array.isArray(unwanted) ? !unwanted.some((one) => one === value) : !isRuleMet(unwanted, value);
}
