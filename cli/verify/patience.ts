import { type Api, ApiProblem } from '../api.ts';
import { patiently, type Waiting } from '../sync/run-sync.ts';

/** The program is to stop, and what it was about to prove is not proven. */
export class Stopped extends Error {
  constructor() {
    super('stopped before it was finished: nothing is proven');
  }
}

/** Does what either side may be away for, again and again until it is done. @throws {Stopped} */
export type Patient = <T>(work: () => Promise<T>) => Promise<T>;

export function createPatient(signal: AbortSignal, report: (news: Waiting) => void): Patient {
  return async <T>(work: () => Promise<T>) => {
    const done = await patiently({ signal, report }, async () => ({ value: await work() }));
    if (signal.aborted || done === undefined) throw new Stopped();
    return done.value;
  };
}

/** An API that is waited for, and asked again while it still makes digests. */
export function patientApi(api: Api, patient: Patient, report: (news: Waiting) => void): Api {
  return {
    ...api,
    get: (path, answer) =>
      patient(async () => {
        for (;;) {
          try {
            return await api.get(path, answer, { tries: 1 });
          } catch (error) {
            if (!(error instanceof ApiProblem && error.code === 'digest_unfinished')) throw error;
            report({ kind: 'waiting', seconds: 0, reason: error.message });
          }
        }
      }),
  };
}
