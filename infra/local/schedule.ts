import { randomUUID } from 'node:crypto';
import { isFunctionNamed } from './aws/faults.ts';
import type { Invocation } from './lambda/lambda-sandbox.ts';
import type { LambdaHost } from './lambda-host.ts';
import type { ScheduleDefinition } from './schedule/schedule-definition.ts';
import { type NextRun, parseScheduleExpression } from './schedule/schedule-expression.ts';
import { place } from './template/place.ts';

export interface ScheduleState {
  readonly name: string;
  readonly expression: string;
  readonly functionName: string;
  readonly isOn: boolean;
  readonly nextRunAt: string | undefined;
  readonly lastRunAt: string | undefined;
}

export interface SchedulesOptions {
  readonly definitions: readonly ScheduleDefinition[];
  readonly invoke: LambdaHost['invoke'];
  /** Off: they run only when somebody asks. */
  readonly isOn: boolean;
}

export type Schedules = ReturnType<typeof createSchedules>;

/** `setTimeout` takes no more; a longer wait is made of several. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function createSchedules({ definitions, invoke, isOn }: SchedulesOptions) {
  const startedAt = Date.now();
  const schedules = definitions.map((definition) => {
    const nextRun = parseScheduleExpression(definition.expression, startedAt);
    return createSchedule(definition, { nextRun, invoke, isOn: isOn && definition.isEnabled });
  });
  return {
    states: (): ScheduleState[] => schedules.map(({ state }) => state()),
    /**
     * Runs one now, after the run that is going on, if there is one; undefined where there is no such schedule.
     * @param name the schedule's or its function's; the stage's prefix may be left out
     */
    run: (name: string): Promise<Invocation> | undefined =>
      schedules.find(({ definition }) => isNamed(definition, name))?.run(),
    async stop(): Promise<void> {
      await Promise.all(schedules.map(({ stop }) => stop()));
    },
  };
}

interface ScheduleOptions {
  readonly nextRun: NextRun;
  readonly invoke: LambdaHost['invoke'];
  readonly isOn: boolean;
}

function createSchedule(definition: ScheduleDefinition, { nextRun, invoke, isOn }: ScheduleOptions) {
  let last: Promise<unknown> = Promise.resolve();
  let runs = 0;
  let dueAt = Number.POSITIVE_INFINITY;
  let lastRunAt: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** Never two at once: a run begins when the one before has ended. */
  function run(): Promise<Invocation> {
    runs += 1;
    const turn = last.then(() => {
      lastRunAt = new Date().toISOString();
      return invoke(definition.functionName, definition.input ?? eventOf(definition, lastRunAt));
    });
    const ended = () => {
      runs -= 1;
    };
    last = turn.then(ended, ended);
    return turn;
  }

  function wait(): void {
    const waitMs = dueAt - Date.now();
    timer = setTimeout(waitMs > MAX_TIMER_MS ? wait : tick, Math.min(Math.max(waitMs, 0), MAX_TIMER_MS));
  }

  /** A turn that comes while the last run still goes on is left out, not saved up. */
  function tick(): void {
    if (runs === 0) void run();
    dueAt = nextRun(Date.now());
    if (Number.isFinite(dueAt)) wait();
  }

  if (isOn) {
    dueAt = nextRun(Date.now());
    if (Number.isFinite(dueAt)) wait();
  }

  return {
    definition,
    run,
    state: (): ScheduleState => ({
      name: definition.name,
      expression: definition.expression,
      functionName: definition.functionName,
      isOn,
      nextRunAt: Number.isFinite(dueAt) ? new Date(dueAt).toISOString() : undefined,
      lastRunAt,
    }),
    async stop(): Promise<void> {
      clearTimeout(timer);
      await last;
    },
  };
}

function isNamed({ name, functionName }: ScheduleDefinition, wanted: string): boolean {
  return isFunctionNamed(functionName, wanted) || isFunctionNamed(name, wanted);
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html */
function eventOf({ source, resource }: ScheduleDefinition, time: string) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account: place.accountId,
    time: time.replace(/\.\d+Z$/, 'Z'),
    region: place.region,
    resources: [resource],
    detail: {},
  };
}
