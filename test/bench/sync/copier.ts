/** The copy, and the bare bulk write that it is compared to, in a process of its own: its memory is what is measured. */
import { connectApi } from '../../../cli/api.ts';
import { openSink } from '../../../cli/sync/open-sink.ts';
import { runSync } from '../../../cli/sync/run-sync.ts';
import { createSource } from '../../../cli/sync/source.ts';
import { verify } from '../../../cli/verify/verify.ts';
import { EventPage } from '../../../shared/api/views.ts';
import { eventDocument, readingDocuments } from '../../../shared/domain/copy-records.ts';
import { answerParent } from '../child.ts';

interface Wish {
  readonly target: string;
  readonly api: string;
  /** Default: any, for an API that asks nobody. */
  readonly token?: string;
}

function opened(target: string) {
  const sink = openSink(target);
  if (!sink) throw new Error(`${target} is no target`);
  return sink;
}

/** As many at a time as the copy writes. */
const PAGE = 1_000;

const questions = {
  /** Milliseconds that copying everything took, and the bytes of the answers that it read. */
  async copy({ target, api: url, token = 'lk_bench' }: Wish) {
    const sink = opened(target);
    const api = connectApi(url, token);
    const startedAt = performance.now();
    const { signal } = new AbortController();
    await runSync({
      source: createSource(api),
      sink,
      once: true,
      signal,
      now: Date.now,
      report: () => undefined,
    });
    await sink.close();
    return { tookMs: performance.now() - startedAt, bytesRead: api.bytesRead() };
  },
  /** The bytes of the answers that comparing everything read; throws where the copy is not equal. */
  async verify({ target, api: url, token = 'lk_bench' }: Wish) {
    const sink = opened(target);
    const api = connectApi(url, token);
    const { signal } = new AbortController();
    const startedAt = performance.now();
    const exitCode = await verify({ api, sink, repair: false, json: false, signal });
    await sink.close();
    if (exitCode !== 0) throw new Error(`verify ended with ${exitCode}`);
    return { tookMs: performance.now() - startedAt, bytesRead: api.bytesRead() };
  },
  /** Milliseconds that writing the same documents took, with nothing but the sink. */
  async write({ target, api }: Wish) {
    const documents = [];
    for (let after = ''; ; ) {
      const answer = await fetch(`${api}/v1/events?limit=${PAGE}&after=${after}`);
      const { events, next } = EventPage.parse(await answer.json());
      if (events.length === 0) break;
      documents.push({ events: events.map(eventDocument), readings: events.flatMap(readingDocuments) });
      after = next;
    }
    const sink = opened(target);
    await sink.open();
    const startedAt = performance.now();
    for (const { events, readings } of documents) {
      await sink.addRecords('events', events);
      await sink.addRecords('readings', readings);
    }
    const tookMs = performance.now() - startedAt;
    await sink.close();
    return tookMs;
  },
  /** The most that this process has ever held, bytes. */
  peakBytes: () => process.resourceUsage().maxRSS * 1024,
};
export type CopierQuestions = typeof questions;
answerParent(questions);
