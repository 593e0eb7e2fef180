import * as z from 'zod';
import { flag } from '../form-values.ts';
import { type ControlRoute, control } from './control-route.ts';

interface UserOptions<U, B extends z.ZodType> {
  readonly summary: string;
  readonly body?: B;
  readonly change: (user: U, sent: z.output<B>) => unknown;
}

/**
 * Makes routes that change one user, each `POST /users/:userId/<what>`.
 * @param find the user by whatever the cloud lets users be named; throws RangeError when there is none
 */
export function userControls<U>(find: (key: string | undefined) => U) {
  return <B extends z.ZodType = z.ZodType<unknown>>(
    what: string,
    { summary, body, change }: UserOptions<U, B>,
  ): ControlRoute =>
    control('POST', `/users/:userId/${what}`, {
      summary,
      ...(body && { body }),
      handle: (sent: z.output<B>, { parameters }) => change(find(parameters.userId), sent),
    });
}

/** At the account pages, for clouds that remember one person there. */
export function signInControl(
  state: { signedInUserId?: string | undefined },
  find: (key: string | undefined) => { readonly userId: string },
): ControlRoute {
  return userControls(find)('sign-in', {
    summary: 'signs somebody in at the account pages, or out: {signedIn?: true or false}',
    body: z.strictObject({ signedIn: flag.default(true) }),
    change: ({ userId }, { signedIn }) => {
      if (signedIn) state.signedInUserId = userId;
      else if (state.signedInUserId === userId) state.signedInUserId = undefined;
    },
  });
}
