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
