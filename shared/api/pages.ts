/** How clients of the API read its lists. */
import type * as z from 'zod';
import { list } from './views.ts';

const PAGE = 200;

/** Asks the API for a path, and reads its answer. */
export interface Getter {
  get<T>(path: string, answer: z.ZodType<T>): Promise<T>;
}

/**
 * Everything of a list, page by page as it is taken.
 * @param path – with or without a query
 * @throws – whatever the getter throws
 */
export async function* pages<T>(api: Getter, path: string, view: z.ZodType<T>): AsyncGenerator<T> {
  for (let after = ''; ; ) {
    const separator = path.includes('?') ? '&' : '?';
    const { items, next } = await api.get(`${path}${separator}limit=${PAGE}${after}`, list(view));
    yield* items;
    if (next === undefined) return;
    after = `&after=${encodeURIComponent(next)}`;
  }
}
