/** Which parts of a past are in the copy. Times are epoch milliseconds, both ends included. Pure: no I/O, no clock. */
import type { TimeSpan } from '../../../shared/domain/history.ts';

/** A part that is there; none of two touches the other. */
export interface Span extends TimeSpan {
  /** Where the API goes on after it, if that is further than what it has told. */
  readonly next?: string | undefined;
}

/** What is missing of a time, oldest first. */
export function gapsIn(spans: readonly Span[], { fromEpochMs, toEpochMs }: TimeSpan): TimeSpan[] {
  const gaps: TimeSpan[] = [];
  let from = fromEpochMs;
  for (const span of inOrder(spans)) {
    if (span.fromEpochMs > toEpochMs) break;
    if (span.fromEpochMs > from) gaps.push({ fromEpochMs: from, toEpochMs: span.fromEpochMs - 1 });
    from = Math.max(from, span.toEpochMs + 1);
  }
  if (from <= toEpochMs) gaps.push({ fromEpochMs: from, toEpochMs });
  return gaps;
}

/** Where the API goes on, should what is read next begin at this time. */
export function cursorAt(spans: readonly Span[], fromEpochMs: number): string | undefined {
  return spans.find((span) => span.toEpochMs === fromEpochMs - 1)?.next;
}

/**
 * The parts with one more, which begins where a gap does.
 * @param read – may be empty, one millisecond short of its beginning, where the API has got further without telling anything
 */
export function withRead(spans: readonly Span[], read: Span): Span[] {
  const merged: Span[] = [];
  for (const span of inOrder([...spans, read])) {
    const last = merged.at(-1);
    if (last === undefined || span.fromEpochMs > last.toEpochMs + 1) merged.push(span);
    else merged[merged.length - 1] = joined(last, span);
  }
  return merged;
}

function joined(earlier: Span, later: Span): Span {
  const { fromEpochMs } = earlier;
  const { toEpochMs, next } = later.toEpochMs >= earlier.toEpochMs ? later : earlier;
  return { fromEpochMs, toEpochMs, ...(next !== undefined && { next }) };
}

function inOrder(spans: readonly Span[]): Span[] {
  return spans.toSorted((a, b) => a.fromEpochMs - b.fromEpochMs);
}
