import * as z from 'zod';

/**
 * Where a deployment keeps the token sets of its accounts. `secrets`: one secret of Secrets Manager each; `sealed`:
 * encrypted in the token pointer itself, for more accounts than secrets are affordable for.
 */
export const VaultKind = z.enum(['secrets', 'sealed']);
export type VaultKind = z.infer<typeof VaultKind>;
