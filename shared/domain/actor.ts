import * as z from 'zod';

/**
 * Who has to do something about what is wrong: the `owner` of the account, the `operator` of Latchkey, the `client` that
 * sent the request, the `provider`, or `latchkey` itself, which goes on without anybody.
 */
export const Actor = z.enum(['owner', 'operator', 'client', 'provider', 'latchkey']);
export type Actor = z.infer<typeof Actor>;
