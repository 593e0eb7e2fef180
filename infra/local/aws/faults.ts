/** Faults of AWS itself, to be switched on by tests and by people who want to see what happens. */
import * as z from 'zod';
import { type AwsCall, ConnectionCut } from './aws-endpoint.ts';
import { AwsRefusal, refusal } from './aws-refusal.ts';

export const Fault = z.strictObject({
  service: z.enum(['dynamodb', 'secretsmanager']).optional(),
  /** Such as `PutItem`; every action unless given. */
  action: z.string().optional(),
  /** Name of the calling function, its stage's prefix may be left out; every caller unless given. */
  function: z.string().optional(),
  /** `fail`: 500; `throttle`: the service's own throttling error; `hang`: no answer; `cut`: the connection breaks. */
  effect: z.enum(['fail', 'throttle', 'hang', 'cut']),
  /** `before` the call has had an effect, or `after` it is durable but before its answer. */
  when: z.enum(['before', 'after']).default('before'),
  /** So many matching calls go through first. */
  skip: z.number().int().min(0).default(0),
  /** How many matching calls are struck. */
  times: z.number().int().min(1).default(1),
});
export type Fault = z.infer<typeof Fault>;

export type Faults = ReturnType<typeof createFaults>;

export function createFaults() {
  let faults: Fault[] = [];

  /** The fault that strikes this call, used up by one. */
  function take(call: AwsCall, functionName: string, when: Fault['when']): Fault | undefined {
    for (const fault of faults) {
      if (fault.when !== when || !isAbout(fault, call, functionName)) continue;
      if (fault.skip > 0) {
        fault.skip -= 1;
        continue;
      }
      fault.times -= 1;
      if (fault.times === 0) faults = faults.filter((other) => other !== fault);
      return fault;
    }
    return undefined;
  }

  return {
    add(fault: z.input<typeof Fault>): void {
      faults.push(Fault.parse(fault));
    },
    /** Those not yet used up. */
    list: (): readonly Fault[] => faults,
    clear(): void {
      faults = [];
    },
    /** @throws {AwsRefusal | ConnectionCut} when a fault strikes; a hanging call never settles */
    async strike(call: AwsCall, functionName: string, when: Fault['when']): Promise<void> {
      const fault = take(call, functionName, when);
      if (fault) await effectOf(fault, call);
    },
  };
}

function isAbout(fault: Fault, call: AwsCall, functionName: string): boolean {
  return (
    (fault.service ?? call.service) === call.service &&
    (fault.action ?? call.action) === call.action &&
    (fault.function === undefined || isFunctionNamed(functionName, fault.function))
  );
}

/** `rotate-tokens` means `latchkey-local-rotate-tokens` as well: the prefix is the stage's. */
export function isFunctionNamed(functionName: string, wanted: string): boolean {
  return functionName === wanted || functionName.endsWith(`-${wanted}`);
}

function effectOf({ effect }: Fault, { service }: AwsCall): Promise<never> {
  switch (effect) {
    case 'hang':
      return new Promise(() => {});
    case 'cut':
      throw new ConnectionCut('a fault was switched on');
    case 'throttle':
      throw service === 'dynamodb'
        ? refusal(
            'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
            'The level of configured provisioned throughput for the table was exceeded.',
          )
        : refusal('ThrottlingException', 'Rate exceeded');
    case 'fail':
      throw new AwsRefusal(500, {
        __type:
          service === 'dynamodb'
            ? 'com.amazonaws.dynamodb.v20120810#InternalServerError'
            : 'InternalServiceError',
        message: 'a fault was switched on',
      });
  }
}
