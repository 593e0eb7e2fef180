/**
 * Hands the table's changes to a function as its event source mapping says: in order, at least once. The checkpoint
 * moves only after the function is done with a batch, so that a killed process hands the batch over again.
 */
import type { ChangeLog } from './dynamodb/change-log.ts';
import { TRIM_HORIZON } from './dynamodb/change-log.ts';
import type { StreamRecord } from './dynamodb/stream-record.ts';
import type { Invocation } from './lambda/lambda-sandbox.ts';
import type { LambdaHost } from './lambda-host.ts';
import { firstFailure } from './stream/stream-batch.ts';
import type { StreamMapping } from './stream/stream-mapping.ts';

/** A batch that failed for good, as the on-failure destination is told of it. */
export interface StreamFailure {
  readonly at: string;
  readonly functionName: string;
  readonly destination: string | undefined;
  readonly error: string;
  readonly batchSize: number;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
}

export interface StreamState {
  readonly name: string;
  /** Last sequence number that is dealt with; empty before the first. */
  readonly checkpoint: string;
  /** Last sequence number there is. */
  readonly head: string;
  readonly isCaughtUp: boolean;
  readonly failures: readonly StreamFailure[];
}

export interface StreamOptions {
  readonly mapping: StreamMapping;
  readonly changes: ChangeLog;
  readonly invoke: LambdaHost['invoke'];
  /** Wait before the first repetition; doubles from one to the next up to 5 s. Default 100 ms. */
  readonly retryDelayMs?: number;
}

export type StreamConsumer = Awaited<ReturnType<typeof consumeStream>>;

const READ_AHEAD = 1_000;
const MAX_RETRY_DELAY_MS = 5_000;

export async function consumeStream({ mapping, changes, invoke, retryDelayMs = 100 }: StreamOptions) {
  const { name, batchSize, maxRetries } = mapping;
  const checkpointName = `checkpoint~${name}`;
  const failureName = `failure~${name}~`;
  const remembered = (await changes.recall(checkpointName)).get(checkpointName);
  let position = typeof remembered === 'string' ? remembered : startOf(mapping, changes);
  const failures = [...(await changes.recall(failureName)).values()] as StreamFailure[];
  const stopping = new AbortController();
  const bell = createBell();
  const hushed = changes.onStored(bell.ring);
  stopping.signal.addEventListener('abort', bell.ring);

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const records = await nextBatch();
      if (records.length > 0) await deliver(records);
      else await bell.rung();
    }
  }

  /** Records that pass the filter; those that do not are left behind on the way. */
  async function nextBatch(): Promise<StreamRecord[]> {
    for (;;) {
      const read = await changes.read(position, READ_AHEAD);
      const passing = read.filter(mapping.passes);
      if (passing.length > 0) return fillUp(passing);
      const last = read.at(-1);
      if (!last) return [];
      position = last.dynamodb.SequenceNumber;
    }
  }

  async function fillUp(passing: StreamRecord[]): Promise<StreamRecord[]> {
    if (mapping.windowMs === 0 || passing.length >= batchSize) return passing.slice(0, batchSize);
    await pause(mapping.windowMs, stopping.signal);
    const read = await changes.read(position, READ_AHEAD);
    return read.filter(mapping.passes).slice(0, batchSize);
  }

  /** Ends when every record is dealt with, one way or the other, or when the local cloud stops. */
  async function deliver(batch: readonly StreamRecord[]): Promise<void> {
    let records = batch;
    for (let attempt = 0; !stopping.signal.aborted; ) {
      const invocation = await invoke(mapping.functionName, { Records: records });
      const failedAt = firstFailure(records, invocation, mapping.reportsItemFailures);
      if (failedAt > 0) {
        await advance(records[failedAt - 1]);
        records = records.slice(failedAt);
        if (records.length === 0) return;
        attempt = 0;
      } else if (mapping.bisects && records.length > 1) {
        const middle = Math.ceil(records.length / 2);
        await deliver(records.slice(0, middle));
        records = records.slice(middle);
        attempt = 0;
      } else if (attempt >= maxRetries) {
        await giveUp(records, invocation);
        return;
      } else {
        await pause(Math.min(retryDelayMs * 2 ** attempt, MAX_RETRY_DELAY_MS), stopping.signal);
        attempt += 1;
      }
    }
  }

  async function advance(
    record: StreamRecord | undefined,
    more: Record<string, unknown> = {},
  ): Promise<void> {
    if (!record) return;
    await changes.remember({ [checkpointName]: record.dynamodb.SequenceNumber, ...more });
    position = record.dynamodb.SequenceNumber;
  }

  async function giveUp(records: readonly StreamRecord[], invocation: Invocation): Promise<void> {
    const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    const failure: StreamFailure = {
      at: new Date().toISOString(),
      functionName: mapping.functionName,
      destination: mapping.onFailure,
      error:
        invocation.kind === 'failed' ? invocation.error.errorMessage : 'the function reported item failures',
      batchSize: records.length,
      startSequenceNumber: numbers[0] ?? '',
      endSequenceNumber: numbers.at(-1) ?? '',
    };
    failures.push(failure);
    await advance(records.at(-1), { [failureName + failure.startSequenceNumber]: failure });
  }

  const running = run();

  return {
    state: (): StreamState => ({
      name,
      checkpoint: position,
      head: changes.head(),
      isCaughtUp: position === changes.head(),
      failures: [...failures],
    }),
    /** Lets the function finish what it has, and remembers how far it came. */
    async stop(): Promise<void> {
      stopping.abort();
      hushed();
      await running;
    },
  };
}

function startOf({ startsAt }: StreamMapping, changes: ChangeLog): string {
  return startsAt === 'LATEST' ? changes.head() : TRIM_HORIZON;
}

/** Remembers that it rang while nobody listened, so that no record waits for the next one. */
function createBell() {
  let isRung = false;
  let wake = () => {};
  return {
    ring(): void {
      isRung = true;
      wake();
    },
    async rung(): Promise<void> {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      isRung = false;
    },
  };
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, durationMs);
    signal.addEventListener('abort', finish);
  });
}
