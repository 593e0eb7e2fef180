/** The copy, and the bare bulk write that it is compared to, in a process of its own: its memory is what is measured. */
import { connectApi } from '../../../cli/api.ts';
import { openSink } from '../../../cli/sync/open-sink.ts';
import { runSync } from '../../../cli/sync/run-sync.ts';
import { createSource } from '../../../cli/sync/source.ts';
import { EventPage } from '../../../shared/api/views.ts';
import { eventDocument, readingDocuments } from '../../../shared/domain/copy-records.ts';
import { answerParent } from '../child.ts';

interface Wish {
  readonly target: string;
  readonly api: string;
}

function opened(target: string) {
  const sink = openSink(target);
  if (!sink) throw new Error(`${target} is no target`);
  return sink;
}

/** As many at a time as the copy writes. */
const PAGE = 1_000;

const questions = {
  /** Milliseconds that copying everything took. */
  async copy({ target, api }: Wish) {
    const sink = opened(target);
    const source = createSource(connectApi(api, 'lk_bench'));
    const startedAt = performance.now();
    const signal = new AbortController().signal;
    await runSync({ source, sink, once: true, signal, now: Date.now, report: () => undefined });
    await sink.close();
    return performance.now() - startedAt;
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
