/** `latchkey verify`: proves that a copy is what its source tells, and puts right what is not. */
import type { Api } from '../api.ts';
import { type Progress, type Sink, SinkProblem } from '../sync/sink.ts';
import { type Compared, compare, type News } from './compare.ts';
import type { Difference } from './difference.ts';
import { createOriginal } from './original.ts';
import { createPatient, patientApi, Stopped } from './patience.ts';
import { createSteps, jsonResult, type Outcome, textResult } from './report.ts';
import { createTally, type Tally } from './tally.ts';

export interface VerifyWish {
  readonly api: Api;
  readonly sink: Sink;
  readonly repair: boolean;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** Exit codes of the program. */
const EQUAL = 0;
const DIFFERENT = 3;
/** How often is mended what another comparison finds: to mend one thing can bring another to light. */
const REPAIRS = 3;
/** Ids of what is left that are told, at most. */
const LEFT = 10_000;

/**
 * @throws {SinkProblem} refused
 * @throws {ApiProblem} – the API refuses, or the token does not see everything
 * @throws {Stopped}
 */
export async function verify({ api, sink, repair, json, signal }: VerifyWish): Promise<number> {
  const steps = createSteps(() => api.bytesRead());
  const report = (news: News) => steps.tell(news);
  const patient = createPatient(signal, report);
  const original = createOriginal(patientApi(api, patient, report));
  const result = json ? jsonResult() : textResult();
  const step = (text: string, done: number, total?: number) => {
    if (signal.aborted) throw new Stopped();
    report({ kind: 'step', text, done, ...(total !== undefined && { total }) });
  };

  async function round(mend: boolean, isFirst: boolean) {
    const progress = (await patient(() => sink.readProgress())) ?? goneMeanwhile(sink);
    const tally = createTally();
    const listed: Difference[] = [];
    const found = async (differences: readonly Difference[]) => {
      tally.add(differences);
      if (isFirst) await result.found(differences);
      else listed.push(...differences.slice(0, LEFT - listed.length));
    };
    const compared = await compare({ sink, original, patient, mend, found, signal, step }, progress);
    return { progress, tally, listed, compared };
  }

  try {
    if (!(await patient(() => sink.readProgress()))) {
      await result.nothing(sink.name);
      return DIFFERENT;
    }
    if (repair) await patient(() => sink.open());
    const first = await round(repair, true);
    let last = first;
    let repairs = 0;
    while (repair && last.tally.total() > 0 && repairs < REPAIRS) {
      repairs++;
      last = await round(repairs < REPAIRS, false);
    }
    const pending = await original.newest(last.progress.cursor);
    steps.end();
    const outcome = outcomeOf(sink, last.progress, first.compared, first.tally, last.tally, {
      pending: {
        events: pending.events.length,
        isAll: !pending.more,
        ...(pending.events[0] && { since: pending.events[0].time }),
      },
      behind: last.compared.behind,
      bytesRead: api.bytesRead(),
      ...(repair && { repairs }),
    });
    await result.end(outcome, last.listed);
    return outcome.isEqual ? EQUAL : DIFFERENT;
  } catch (error) {
    if (error instanceof Error) await result.failed(error.message);
    throw error;
  } finally {
    steps.end();
  }
}

function outcomeOf(
  { name: target }: Sink,
  progress: Progress,
  compared: Compared,
  found: Tally,
  left: Tally,
  more: Pick<Outcome, 'pending' | 'behind' | 'bytesRead' | 'repairs'>,
): Outcome {
  // A copy that is not finished lacks what no event will bring.
  const isEqual = left.total() === 0 && progress.phase === 'following';
  return { target, progress, ...compared, found, left, ...more, isEqual };
}

function goneMeanwhile(sink: Sink): never {
  throw new SinkProblem('refused', `${sink.name} was emptied meanwhile`);
}
