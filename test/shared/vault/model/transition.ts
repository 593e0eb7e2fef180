/** From a state, by a choice, to the next state. */
import type { Biography, Moment } from './biography.ts';
import { type Answer, type Call, isRead } from './call.ts';
import type { Choice, Fate } from './choices.ts';
import { type Cloud, callCloud, passTo } from './cloud.ts';
import type { Company } from './company.ts';
import { exchangedBy, isRunning, type State, type Worker } from './state.ts';
import type { ProviderRules } from './token-endpoint.ts';
import { keepsAnswer } from './vault-under-test.ts';

/** Longer than a lease and what clocks may differ by. */
const REST_MS = 43_000;

export async function follow(company: Company, state: State, choice: Choice): Promise<State> {
  if (choice.kind === 'rest')
    return { ...state, isRested: true, cloud: passTo(state.cloud, state.cloud.nowMs + REST_MS) };
  const worker = state.workers[choice.worker];
  const biography = company.biographies[choice.worker];
  if (!worker || !biography) throw new RangeError(`there is no worker ${choice.worker}`);
  if (choice.kind === 'die') return die(state, choice.worker, worker);
  if (choice.kind === 'begin') {
    const moment = await biography.begin(state.cloud.nowMs);
    return { ...state, isRested: false, workers: withWorker(state, choice.worker, at(worker, moment)) };
  }
  return await step(company, state, choice, { worker, biography });
}

async function step(
  { rules }: Company,
  state: State,
  choice: Choice & { kind: 'step' },
  { worker, biography }: { worker: Worker; biography: Biography },
): Promise<State> {
  const call = isRunning(worker) ? worker.moment.calls.get(choice.call) : undefined;
  if (!worker.moment || !call) throw new RangeError('the worker does not wait for this');
  const isSecretsDown = state.isSecretsDown || choice.fate === 'refused from now on';
  const { cloud, answer, granted, kept } = meet(rules, { ...state, isSecretsDown }, call, choice.fate);
  const moment = await biography.after(worker.moment, { call: choice.call, answer, nowMs: cloud.nowMs });
  const spent = granted ? exchangedBy(call) : undefined;
  const isLost = choice.fate === 'answer lost';
  const unkept = kept ? undefined : ((isLost ? undefined : spent) ?? worker.unkept);
  return {
    ...state,
    cloud,
    isSecretsDown,
    faultsLeft: state.faultsLeft - (choice.fate === 'works' ? 0 : 1),
    workers: withWorker(state, choice.worker, at({ ...worker, unkept }, moment)),
    ...(spent !== undefined && isLost && { burnt: { at: 'answer in flight' as const, spent } }),
  };
}

interface Meeting {
  readonly cloud: Cloud;
  readonly answer: Answer;
  /** Whether the token endpoint gave new tokens. */
  readonly granted: boolean;
  /** Whether something has been stored from which the answer of an exchange can be had again. */
  readonly kept: boolean;
}

function meet(rules: ProviderRules, state: State, call: Call, fate: Fate): Meeting {
  const { cloud } = state;
  const untouched = { cloud, granted: false, kept: false };
  if (fate === 'never arrives' || (state.isSecretsDown && call.to === 'secrets' && !isRead(call)))
    return { ...untouched, answer: { refusal: 'no answer' } };
  if (fate === 'not connected') return { ...untouched, answer: { refusal: 'not connected' } };
  const once = callCloud(rules, cloud, call);
  const kept = keepsAnswer(call) && 'value' in once.answer;
  const granted = exchangedBy(call) !== undefined && isGrant(once.answer);
  if (fate === 'answer lost') return { cloud: once.cloud, answer: { refusal: 'no answer' }, granted, kept };
  return { ...(fate === 'repeated' ? callCloud(rules, once.cloud, call) : once), granted, kept };
}

function isGrant(answer: Answer): boolean {
  const value = 'value' in answer ? (answer.value as { status?: number }) : {};
  return value.status === 200;
}

function die(state: State, index: number, worker: Worker): State {
  const { name, role, unkept } = worker;
  const dead: Worker = { name, role, phase: 'dead' };
  return {
    ...state,
    crashesLeft: state.crashesLeft - 1,
    workers: withWorker(state, index, dead),
    ...(unkept !== undefined && { burnt: { at: 'answer in memory' as const, spent: unkept } }),
  };
}

function at({ name, role, unkept }: Worker, moment: Moment): Worker {
  return moment.outcome === undefined
    ? { name, role, phase: 'running', moment, unkept }
    : { name, role, phase: 'done', outcome: moment.outcome };
}

function withWorker({ workers }: State, index: number, worker: Worker): readonly Worker[] {
  return workers.with(index, worker);
}
