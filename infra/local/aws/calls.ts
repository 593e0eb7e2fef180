import type { AwsCall, Outcome } from './aws-endpoint.ts';

export interface CallCount {
  calls: number;
  refused: number;
  requestBytes: number;
  answerBytes: number;
}

/** Counted by function, then by action such as `dynamodb:PutItem`. */
export type CallCounts = Record<string, Record<string, CallCount>>;

export type Calls = ReturnType<typeof createCalls>;

/** Counts AWS calls and their bytes: what an operation costs is measured with it, not guessed. */
export function createCalls() {
  let counts: CallCounts = {};
  return {
    count(functionName: string, { service, action }: AwsCall, outcome: Outcome): void {
      counts[functionName] ??= {};
      const ofFunction = counts[functionName];
      const name = `${service}:${action}`;
      ofFunction[name] ??= { calls: 0, refused: 0, requestBytes: 0, answerBytes: 0 };
      const count = ofFunction[name];
      count.calls += 1;
      count.refused += outcome.isRefused ? 1 : 0;
      count.requestBytes += outcome.requestBytes;
      count.answerBytes += outcome.answerBytes;
    },
    counts: (): CallCounts => structuredClone(counts),
    reset(): void {
      counts = {};
    },
  };
}
