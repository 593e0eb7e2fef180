import type * as z from 'zod';
import { list } from '../shared/api/views.ts';
import type { Api } from './api.ts';

const PAGE = 200;

/**
 * Everything of a list of the API, page by page as it is taken.
 * @param path – with or without a query
 * @throws {ApiProblem}
 */
export async function* pages<T>(api: Pick<Api, 'get'>, path: string, view: z.ZodType<T>): AsyncGenerator<T> {
  for (let after = ''; ; ) {
    const separator = path.includes('?') ? '&' : '?';
    const { items, next } = await api.get(`${path}${separator}limit=${PAGE}${after}`, list(view));
    yield* items;
    if (next === undefined) return;
    after = `&after=${encodeURIComponent(next)}`;
  }
}
