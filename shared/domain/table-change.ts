import type { Account } from './account.ts';
import type { Command } from './command.ts';
import type { Delivery } from './delivery.ts';
import type { KeptReading } from './late-reading.ts';
import type { Module } from './module.ts';
import type { Plant } from './plant.ts';
import type { TokenPointer } from './token-pointer.ts';

interface Changed<K extends string, T> {
  readonly kind: K;
  /** Position in the stream; opaque. */
  readonly sequenceNumber: string;
  /** When the change was written, epoch ms. */
  readonly writtenAtMs: number;
  /** Absent when the item is new. */
  readonly before?: T;
  /** Absent when the item is gone. */
  readonly after?: T;
}

/** One change of one item of the table, as its stream tells it. */
export type TableChange =
  | Changed<'account', Account>
  | Changed<'pointer', TokenPointer>
  | Changed<'plant', Plant>
  | Changed<'module', Module>
  | Changed<'reading', KeptReading>
  | Changed<'delivery', Delivery>
  | Changed<'command', Command>;

export type ChangeOf<K extends TableChange['kind']> = Extract<TableChange, { kind: K }>;
