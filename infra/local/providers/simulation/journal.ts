/** What the simulator saw and did lately, for people and tests; not kept over a restart, and without any secret. */

export interface SeenRequest {
  readonly at: string;
  readonly method: string;
  /** Without the query, which may hold a code. */
  readonly path: string;
  readonly operation?: string;
  readonly status: number | 'no answer';
  readonly userId?: string;
}

/** @typeParam A what is noted of a webhook attempt */
export interface Journal<A> {
  readonly requests: readonly SeenRequest[];
  readonly attempts: readonly A[];
  noteRequest(request: SeenRequest): void;
  noteAttempt(attempt: A): void;
  clear(): void;
}

const KEPT = 1000;

export function createJournal<A>(): Journal<A> {
  const requests: SeenRequest[] = [];
  const attempts: A[] = [];
  const keep = <T>(list: T[], entry: T) => {
    list.push(entry);
    if (list.length > KEPT) list.shift();
  };
  return {
    requests,
    attempts,
    noteRequest: (request) => keep(requests, request),
    noteAttempt: (attempt) => keep(attempts, attempt),
    clear() {
      requests.length = 0;
      attempts.length = 0;
    },
  };
}
