import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { flag } from '../../simulation/form-values.ts';
import { Comparison, Rule } from '../rules/rule.ts';
import { addRule, existingRule, NewRule, removeRule } from '../rules/rule-book.ts';
import { bindings } from '../rules/template.ts';
import type { Controls } from './controls.ts';

const RuleChange = z.strictObject({
  url: z.url().optional(),
  name: z.string().optional(),
  enabled: flag.optional(),
  comparison: Comparison.optional(),
  operand: z.string().optional(),
  method: Rule.shape.method.optional(),
  headers: Rule.shape.headers.optional(),
  body: z.string().optional(),
});

export function ruleRoutes({ world, outbox }: Controls): ControlRoute[] {
  const { state } = world;
  return [
    control('GET', '/rules', { summary: 'all rules, with their headers', handle: () => state.rules }),
    control('GET', '/bindings', {
      summary: 'what can be bound into the body of a rule',
      handle: () => bindings,
    }),
    control('POST', '/rules', {
      summary:
        'a rule that calls an address when a value comes: {assetId, url, comparison?: any or > …, operand?, method?, headers?, body?}',
      body: NewRule,
      handle: (wanted) => addRule(world, wanted),
    }),
    control('POST', '/rules/:ruleId', {
      summary: 'changes a rule: {url?, enabled?, comparison?, operand?, method?, headers?, body?}',
      body: RuleChange,
      handle: (change, { parameters }) => Object.assign(existingRule(world, parameters.ruleId), change),
    }),
    control('POST', '/rules/:ruleId/fire', {
      summary: 'lets a rule call now; {body?} is sent as it is instead of its own',
      body: z.strictObject({ body: z.string().optional() }),
      handle: ({ body }, { parameters }) => outbox.fire(existingRule(world, parameters.ruleId), body),
    }),
    control('DELETE', '/rules/:ruleId', {
      summary: 'deletes a rule',
      handle: (_, { parameters }) => removeRule(world, parameters.ruleId),
    }),
  ];
}
