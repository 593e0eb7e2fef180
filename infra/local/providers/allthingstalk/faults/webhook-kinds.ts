import * as z from 'zod';
import { type FaultKind, noParameters } from '../../simulation/faults/fault-kind.ts';
import { count, seconds } from '../../simulation/form-values.ts';

const on = ['webhook'];

/** Calls of rules that are not quite what they should be. */
export const webhookKinds = {
  hook_lost: { summary: 'rules that fire call nobody', on, parameters: noParameters },
  hook_late: {
    summary: 'rules call after some seconds of the simulated clock, with the values of then',
    on,
    parameters: z.strictObject({ seconds: seconds.default(60) }),
  },
  hook_repeated: {
    summary: 'every call several times',
    on,
    parameters: z.strictObject({ count: count.default(2) }),
  },
  hook_junk: {
    summary: 'a body that is empty, or not what the rule says',
    on,
    parameters: z.strictObject({ body: z.string().default('') }),
  },
} satisfies Record<string, FaultKind>;
