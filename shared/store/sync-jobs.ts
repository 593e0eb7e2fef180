import type { AnswerTally } from '../domain/answer-tally.ts';
import { earliest, SyncJob, SyncTask } from '../domain/sync-job.ts';
import { toUtc, type UtcTime } from '../domain/time.ts';
import { walkDue } from './due-index.ts';
import { attribute, type Expression, expression } from './expression.ts';
import type { Table } from './item.ts';
import { dueShard, keys } from './keys.ts';

export interface SyncJobStore {
  get(accountId: string): Promise<SyncJob | undefined>;
  /** Makes the job, everything due at once; an existing one becomes due at once. */
  start(accountId: string, now: number): Promise<void>;
  /** Makes one task due at `at` unless it is due earlier already. */
  hasten(accountId: string, task: SyncTask, at: UtcTime): Promise<void>;
  /** The jobs that are due, as the index has them: maybe a moment old. */
  due(now: number): AsyncGenerator<SyncJob>;
  /** Takes the tasks of a due job until `until`, so that two runs do not do the same; a crashed run's come back then. */
  claim(job: SyncJob, tasks: readonly SyncTask[], until: UtcTime): Promise<SyncJob | 'refused'>;
  /** Ends a claimed run with the next times of its tasks; a task that was hastened meanwhile keeps its earlier time. */
  finish(
    claimed: SyncJob,
    next: SyncJob['next'],
    result: Pick<SyncJob, 'failures' | 'problem'>,
  ): Promise<void>;
  /** Counts a delivery; the job as it is then, or `undefined` where there is none. */
  noteDelivery(accountId: string, at: UtcTime): Promise<SyncJob | undefined>;
  noteSilence(accountId: string, silence: NonNullable<SyncJob['longestSilence']>): Promise<void>;
  noteAnswers(accountId: string, answers: AnswerTally): Promise<void>;
  /** Counts a delivery that changes nothing: because its address had ended, or its signature is not right. */
  noteIgnored(accountId: string, why: 'outdated' | 'unproven', at: UtcTime): Promise<void>;
}

export function createSyncJobStore(table: Table): SyncJobStore {
  const exists = expression`attribute_exists(#pk)`;
  const note = async (accountId: string, change: Expression) => {
    await table.update(keys.syncJob(accountId), change, SyncJob, exists);
  };

  return {
    get: (accountId) => table.get(keys.syncJob(accountId), SyncJob),

    async start(accountId, now) {
      const at = toUtc(now);
      const job: SyncJob = {
        accountId,
        next: { topology: at, state: at, subscriptions: at },
        dueAt: at,
        failures: 0,
        problem: null,
      };
      const fresh = await table.put(
        keys.syncJob(accountId),
        { ...job, dueShard: dueShard('SYNC', accountId) },
        expression`attribute_not_exists(#pk)`,
      );
      if (fresh === 'refused') {
        await table.update(
          keys.syncJob(accountId),
          expression`SET #next = ${job.next}, #dueAt = ${at}, #failures = ${0}`,
          SyncJob,
        );
      }
    },

    async hasten(accountId, task, at) {
      await table.update(
        keys.syncJob(accountId),
        expression`SET #next.${attribute(task)} = ${at}`,
        SyncJob,
        expression`#next.${attribute(task)} > ${at}`,
      );
      await table.update(
        keys.syncJob(accountId),
        expression`SET #dueAt = ${at}`,
        SyncJob,
        expression`#dueAt > ${at}`,
      );
    },

    due: (now) => walkDue(table, 'SYNC', now, SyncJob),

    claim(job, tasks, until) {
      const next = { ...job.next, ...Object.fromEntries(tasks.map((task) => [task, until])) };
      return table.update(
        keys.syncJob(job.accountId),
        expression`SET #next = ${next}, #dueAt = ${earliest(next)}`,
        SyncJob,
        stillNext(job.next),
      );
    },

    async finish(claimed, next, { failures, problem }) {
      for (;;) {
        const current = await table.get(keys.syncJob(claimed.accountId), SyncJob);
        if (!current) return;
        const merged = { ...next };
        for (const task of SyncTask.options)
          if (current.next[task] !== claimed.next[task]) merged[task] = current.next[task];
        const finished = await table.update(
          keys.syncJob(claimed.accountId),
          expression`SET #next = ${merged}, #dueAt = ${earliest(merged)}, #failures = ${failures},
            #problem = ${problem}`,
          SyncJob,
          stillNext(current.next),
        );
        if (finished !== 'refused') return;
      }
    },

    async noteDelivery(accountId, at) {
      const noted = await table.update(
        keys.syncJob(accountId),
        expression`SET #previousDeliveryAt = if_not_exists(#lastDeliveryAt, ${at}), #lastDeliveryAt = ${at},
          #firstDeliveryAt = if_not_exists(#firstDeliveryAt, ${at}),
          #deliveries = if_not_exists(#deliveries, ${0}) + ${1}`,
        SyncJob,
        exists,
      );
      return noted === 'refused' ? undefined : noted;
    },

    noteSilence: (accountId, silence) => note(accountId, expression`SET #longestSilence = ${silence}`),

    noteAnswers: (accountId, answers) => note(accountId, expression`SET #answers = ${answers}`),

    async noteIgnored(accountId, why, at) {
      const job = await table.get(keys.syncJob(accountId), SyncJob);
      const ignored = { deliveries: (job?.[why]?.deliveries ?? 0) + 1, lastAt: at };
      await note(accountId, expression`SET ${attribute(why)} = ${ignored}`);
    },
  };
}

/** Task by task: whether two maps are equal, not every store that speaks DynamoDB's protocol says right. */
function stillNext({ topology, state, subscriptions }: SyncJob['next']): Expression {
  return expression`#next.#topology = ${topology} AND #next.#state = ${state}
    AND #next.#subscriptions = ${subscriptions}`;
}
