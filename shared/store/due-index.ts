import type * as z from 'zod';
import { toUtc } from '../domain/time.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { type DueWork, dueShards } from './keys.ts';

/** What of a kind of work is due, longest overdue first. Reads in proportion to what is due, not to what there is. */
export async function queryDue<T extends { dueAt: string }>(
  table: Table,
  work: DueWork,
  wish: { now: number; limit: number },
  schema: z.ZodType<T>,
): Promise<T[]> {
  const pages = await Promise.all(
    dueShards(work).map((shard) =>
      table.query(
        {
          index: 'due',
          where: expression`#dueShard = ${shard} AND #dueAt <= ${toUtc(wish.now)}`,
          limit: wish.limit,
        },
        schema,
      ),
    ),
  );
  return pages
    .flatMap((page) => page.items)
    .sort((a, b) => a.dueAt.localeCompare(b.dueAt))
    .slice(0, wish.limit);
}
