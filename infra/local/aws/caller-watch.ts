import { assertAllowed, type Caller, type FindSecretArn } from './access.ts';
import type { AwsCall, Watch } from './aws-endpoint.ts';
import type { Calls } from './calls.ts';
import type { Faults } from './faults.ts';

export interface CallerWatchOptions {
  /** Functions by their access key id. */
  readonly callers: ReadonlyMap<string, Caller>;
  readonly calls: Calls;
  readonly faults: Faults;
  readonly findSecretArn: FindSecretArn;
}

/** Whoever calls with other credentials is a person or a test: allowed everything, and counted under this name. */
const OUTSIDE = 'outside';

/** What every AWS call passes: policy first, then the faults that are switched on; and it is counted. */
export function createCallerWatch({ callers, calls, faults, findSecretArn }: CallerWatchOptions): Watch {
  const nameOf = ({ accessKeyId }: AwsCall) => callers.get(accessKeyId)?.functionName ?? OUTSIDE;
  return {
    async before(call) {
      const caller = callers.get(call.accessKeyId);
      if (caller) assertAllowed(caller, call, findSecretArn);
      await faults.strike(call, nameOf(call), 'before');
    },
    after: (call) => faults.strike(call, nameOf(call), 'after'),
    count: (call, outcome) => calls.count(nameOf(call), call, outcome),
  };
}
