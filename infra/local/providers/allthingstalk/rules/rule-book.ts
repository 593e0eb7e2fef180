/** How people make and delete rules; programs have no way to it (contract 6). */
import * as z from 'zod';
import { flag } from '../../simulation/form-values.ts';
import { newObjectId } from '../ids.ts';
import { findAsset, type World } from '../world.ts';
import { Comparison, Rule } from './rule.ts';

/** As the contract has it for Latchkey's own rule (contract 6); the author of a rule writes what they like. */
export const USUAL_BODY =
  '{"source":"allthingstalk-rule","device":"{{device}}","asset":"{{asset}}","value":"{{value}}"}';

export const NewRule = z.strictObject({
  assetId: z.string(),
  url: z.url(),
  name: z.string().default('Rule'),
  enabled: flag.default(true),
  comparison: Comparison.default('any'),
  operand: z.string().default(''),
  method: Rule.shape.method.default('POST'),
  headers: Rule.shape.headers.default({ 'content-type': 'application/json' }),
  body: z.string().default(USUAL_BODY),
});

/** @throws {RangeError} when there is no such asset */
export function addRule(world: World, wanted: z.output<typeof NewRule>): Rule {
  const found = findAsset(world, wanted.assetId);
  if (!found) throw new RangeError(`there is no asset ${wanted.assetId}`);
  const rule: Rule = { ruleId: newObjectId(), groundId: found.device.groundId, holds: false, ...wanted };
  world.state.rules.push(rule);
  return rule;
}

export function removeRule(world: World, ruleId: string | undefined): void {
  const rule = existingRule(world, ruleId);
  world.state.rules = world.state.rules.filter((other) => other !== rule);
}

export function existingRule({ state }: World, ruleId: string | undefined): Rule {
  const rule = state.rules.find((candidate) => candidate.ruleId === ruleId);
  if (!rule) throw new RangeError(`there is no rule ${ruleId}`);
  return rule;
}
