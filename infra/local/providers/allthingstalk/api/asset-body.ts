import * as z from 'zod';
import { AssetKind, AssetStyle } from '../house/asset.ts';
import { Profile } from '../house/profile.ts';
import { lowerNames, readObject } from './body-fields.ts';

const lower = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value);

/** What clients say of an asset; a profile may be only the name of its type. */
const AssetBody = z.object({
  name: z.string().min(1).optional(),
  title: z.string().optional(),
  description: z.string().nullable().optional(),
  is: z.preprocess(lower, AssetKind).optional(),
  style: z.preprocess(lower, AssetStyle).optional(),
  profile: z.preprocess((value) => (typeof value === 'string' ? { type: value } : value), Profile).optional(),
});
export type AssetBody = z.infer<typeof AssetBody>;

export function readAssetBody(body: string): AssetBody | undefined {
  return AssetBody.safeParse(lowerNames(readObject(body))).data;
}
