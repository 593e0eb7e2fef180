import type * as z from 'zod';
import { toUtc } from '../domain/time.ts';
import { type Expression, expression } from './expression.ts';
import type { Item, Table } from './item.ts';
import { type DueWork, dueShards } from './keys.ts';

/** Items of a shard that are read at once: what a run holds in memory is this, however much is due. */
const PAGE = 100;

/**
 * What of a kind of work is due, longest overdue first. Reads in proportion to what is due and taken, not to what
 * there is.
 */
export async function* walkDue<T extends { dueAt: string }>(
  table: Table,
  work: DueWork,
  now: number,
  schema: z.ZodType<T>,
): AsyncGenerator<T> {
  const walks = dueShards(work).map((shard) =>
    walkWhere(table, expression`#dueShard = ${shard} AND #dueAt <= ${toUtc(now)}`, schema),
  );
  const nextOf = async (walk: AsyncGenerator<T>) => {
    const { done, value } = await walk.next();
    return done ? [] : [{ walk, item: value as T }];
  };
  let heads = (await Promise.all(walks.map(nextOf))).flat();
  while (heads.length > 0) {
    const first = heads.reduce((a, b) => (b.item.dueAt < a.item.dueAt ? b : a));
    yield first.item;
    heads = [...heads.filter((head) => head !== first), ...(await nextOf(first.walk))];
  }
}

/** All of a kind of work, due or not. */
export async function* walkAll<T>(table: Table, work: DueWork, schema: z.ZodType<T>): AsyncGenerator<T> {
  for (const shard of dueShards(work)) yield* walkWhere(table, expression`#dueShard = ${shard}`, schema);
}

async function* walkWhere<T>(table: Table, where: Expression, schema: z.ZodType<T>): AsyncGenerator<T> {
  let after: Item | undefined;
  do {
    const page = await table.query({ index: 'due', where, limit: PAGE, ...(after && { after }) }, schema);
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
