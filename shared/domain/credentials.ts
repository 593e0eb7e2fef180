/** What a person enters on the page of a link, where the cloud has no consent page of its own. Pure: no I/O, no clock. */
import * as z from 'zod';

const secret = z.string().min(1).max(1024);
const pasted = { id: z.string().trim().min(1).max(64), token: secret };

/** The state of the page that it was entered on; a program that has not opened the page has none. */
const state = z.string().max(128).optional();

/** `code`: the second step after a password, for what the first one answered. */
export const Credentials = z.discriminatedUnion('way', [
  z.strictObject({
    way: z.literal('password'),
    username: z.string().min(1).max(256),
    password: secret,
    state,
  }),
  z.strictObject({
    way: z.literal('code'),
    challenge: z.string().min(1).max(1024),
    code: z.string().trim().min(1).max(32),
    state,
  }),
  z.strictObject({ way: z.literal('plant_token'), ...pasted, state }),
  z.strictObject({ way: z.literal('module_token'), ...pasted, state }),
]);
export type Credentials = z.infer<typeof Credentials>;

/** A token that a person made at the cloud: for one plant with its modules, or for one module. */
export type PastedToken = Omit<Extract<Credentials, { way: 'plant_token' | 'module_token' }>, 'state'>;

/** What the page calls things, as the cloud's own pages do. */
export interface LoginWords {
  readonly cloud: string;
  readonly password: { readonly title: string; readonly hint: string };
  readonly code: { readonly title: string; readonly hint: string };
  readonly plantToken: TokenWords;
  readonly moduleToken: TokenWords;
}

export interface TokenWords {
  readonly title: string;
  readonly hint: string;
  readonly id: string;
  readonly token: string;
}
