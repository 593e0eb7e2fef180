import * as z from 'zod';
import { type FaultKind, noParameters } from '../../simulation/faults/fault-kind.ts';
import { count, seconds } from '../../simulation/form-values.ts';

const on = ['webhook'];

/** Pushes that are not quite what they should be. */
export const webhookKinds = {
  push_lost: { summary: 'changes are never told', on, parameters: noParameters },
  push_late: {
    summary: 'changes are told after some seconds of the simulated clock',
    on,
    parameters: z.strictObject({ seconds: seconds.default(60) }),
  },
  push_unsigned: { summary: 'no X-Netatmo-secret', on, parameters: noParameters },
  push_wrongly_signed: {
    summary: 'signed with another secret, or over the body without escaped slashes',
    on,
    parameters: z.strictObject({ wrong: z.enum(['secret', 'body']).default('secret') }),
  },
  push_repeated: {
    summary: 'every push several times, the same bytes',
    on,
    parameters: z.strictObject({ count: count.default(2) }),
  },
  push_stale_ids: {
    summary: 'ids of before a new registration: a home and devices nobody knows',
    on,
    parameters: noParameters,
  },
  push_bare: { summary: 'only user_id and push_type', on, parameters: noParameters },
  push_junk: {
    summary: 'a body that is empty, or not JSON, with a right signature',
    on,
    parameters: z.strictObject({ body: z.string().default('') }),
  },
} satisfies Record<string, FaultKind>;
