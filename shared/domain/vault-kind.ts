import * as z from 'zod';

/**
 * Where a deployment keeps the token sets of its accounts. `secrets`: one secret of Secrets Manager each; `sealed`:
 * encrypted in the token pointer itself, for more accounts than secrets are affordable for.
 */
export const VaultKind = z.enum(['secrets', 'sealed']);
export type VaultKind = z.infer<typeof VaultKind>;

/**
 * What a wish to bring a token set into the vault in use comes to. `moved`; `there`: nothing was left to do; `busy`:
 * somebody is at it, or an exchange's outcome is not known yet, so come again; `foreign`: another deployment's; `dead`:
 * the owner has to link again, which puts it in the right place; `unlinked`: there are no tokens.
 */
export const MoveOutcome = z.enum(['moved', 'there', 'busy', 'foreign', 'dead', 'unlinked']);
export type MoveOutcome = z.infer<typeof MoveOutcome>;
