import { moduleIdFor } from '../domain/ids.ts';
import { mergeReport } from '../domain/projection.ts';
import { isSameReading } from '../domain/reading.ts';
import { toUtc } from '../domain/time.ts';
import type { Report } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';

/**
 * Takes what a module said, from a webhook or a poll, into its state, and late readings into its history. Idempotent;
 * events and history of what changed follow from the written state, and events of late readings from the history,
 * through the stream.
 * @param replayId – of the replay that says it again; the events are marked with it
 */
export async function recordReport(
  store: Pick<Store, 'modules' | 'readings'>,
  accountId: string,
  report: Report,
  receivedAtMs: number,
  replayId?: string,
): Promise<'recorded' | 'nothing_new' | 'module_unknown'> {
  const moduleId = moduleIdFor(accountId, report.moduleNativeId);
  const receivedAt = toUtc(receivedAtMs);
  // A device whose clock runs ahead must not lock out what it says after its clock is mended.
  const observedAtMs = Math.min(
    report.observedAt ? Date.parse(report.observedAt) : receivedAtMs,
    receivedAtMs,
  );
  const timed = { ...report, receivedAt, observedAt: toUtc(observedAtMs) };
  for (;;) {
    const module = await store.modules.get({ accountId, moduleId });
    if (!module) return 'module_unknown';
    const merged = mergeReport(module, timed);
    await Promise.all(
      merged.late.map(async ([capability, reading]) => {
        const before = await store.readings.lastUpTo(moduleId, capability, reading.observedAt);
        // What is said again unchanged is not kept when it comes in its time, nor is it when it comes late.
        if (isSameReading(before, reading)) return;
        await store.readings.putLate({ ...reading, moduleId, capability, late: true, replayId });
      }),
    );
    if (!merged.module) return 'nothing_new';
    // Refused: somebody else reported meanwhile, and the report is merged with what they said.
    const reported = { ...merged.module, replayId };
    if ((await store.modules.report(reported)) === 'written') return 'recorded';
  }
}
