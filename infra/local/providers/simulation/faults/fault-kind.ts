import * as z from 'zod';

/** One way in which a cloud can misbehave. */
export interface FaultKind {
  readonly summary: string;
  /** Where it can be set, by the cloud's own names; all of them unless the caller names one. */
  readonly on: readonly string[];
  readonly parameters: z.ZodObject;
}

/** All ways of one cloud, by name. */
export type FaultKinds = Readonly<Record<string, FaultKind>>;
export type NameIn<K extends FaultKinds> = keyof K & string;
export type ParametersIn<K extends FaultKinds, N extends keyof K> = z.output<K[N]['parameters']>;

export const noParameters = z.strictObject({});
/** HTML forms send text for everything. */
export const flag = z.preprocess(
  (value) => (typeof value === 'string' ? value === 'true' : value),
  z.boolean(),
);
export const seconds = z.coerce.number().min(0);
export const count = z.coerce.number().int().min(1).max(100);
