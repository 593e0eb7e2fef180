/** How long the present invocation may still run. A function instance runs one invocation at a time. */
import type { Context } from 'aws-lambda';

let current: Context | undefined;

export function noteInvocation(context: Context): void {
  current = context;
}

/** Milliseconds; endless outside an invocation. */
export function remainingMs(): number {
  return current?.getRemainingTimeInMillis() ?? Number.POSITIVE_INFINITY;
}
