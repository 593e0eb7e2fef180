import type { CommandAction, ModuleWish } from '../../domain/command-action.ts';
import type { ReportedValues } from '../../domain/reading.ts';
import type { CommandTarget } from '../provider.ts';
import type { Call } from './call.ts';

/** The wish of an action; of the union of all, the union. */
export type WishOf<A extends CommandAction> = {
  [K in A]: { readonly action: K } & Extract<ModuleWish, { action: K }>;
}[A];

/** A wish as Netatmo takes it. */
export interface WishedCalls {
  /** One after the other, each once the one before it was accepted. */
  readonly calls: readonly Call[];
  /** The readings that will show it. */
  readonly expects: ReportedValues;
}

/** @throws {LatchkeyError} request_invalid, command_unsupported – when this module cannot do it */
export type Translate<A extends CommandAction> = (
  wish: WishOf<A>,
  target: CommandTarget,
  now: number,
) => WishedCalls;
