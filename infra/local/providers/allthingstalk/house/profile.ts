/** Types of values, and what a state or command may hold of them (contract 3.3). Pure. */
import * as z from 'zod';

export const Json = z.json();
export type Json = z.infer<typeof Json>;

export const profileTypes = [
  'string',
  /** An old name of string. */
  'text',
  'boolean',
  'integer',
  'number',
  'object',
  'array',
  'location',
] as const;

export interface Profile {
  type: (typeof profileTypes)[number];
  enum?: string[] | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  unit?: string | undefined;
  threshold?: { title: string; value: Json }[] | undefined;
  properties?: Record<string, Profile> | undefined;
  items?: Profile | undefined;
  [key: string]: unknown;
}
export const Profile: z.ZodType<Profile> = z.looseObject({
  type: z.enum(profileTypes),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  unit: z.string().optional(),
  threshold: z
    .array(z.object({ title: z.string(), value: Json }))
    .max(5)
    .optional(),
  properties: z
    .record(
      z.string(),
      z.lazy(() => Profile),
    )
    .optional(),
  items: z.lazy(() => Profile).optional(),
});

const locationProfile: Profile = {
  type: 'object',
  properties: {
    latitude: { type: 'number', minimum: -90, maximum: 90 },
    longitude: { type: 'number', minimum: -180, maximum: 180 },
    altitude: { type: 'number' },
    accuracy: { type: 'number' },
  },
};

export type Validation = 'coerce' | 'strict' | 'none';

/** The value as it is stored; undefined: it is refused. */
export function acceptValue(profile: Profile, value: Json, validation: Validation): Json | undefined {
  if (validation === 'none') return value;
  const { type } = profile;
  if (type === 'location') return acceptValue(locationProfile, value, validation);
  const meant = validation === 'coerce' ? coerced(profile, value) : value;
  switch (type) {
    case 'boolean':
      return typeof meant === 'boolean' ? meant : undefined;
    case 'string':
    case 'text':
      return typeof meant === 'string' && isListed(profile, meant) ? meant : undefined;
    case 'integer':
      return typeof meant === 'number' && Number.isInteger(meant) && isWithin(profile, meant)
        ? meant
        : undefined;
    case 'number':
      return typeof meant === 'number' && isWithin(profile, meant) ? meant : undefined;
    case 'array':
      return Array.isArray(meant) ? acceptItems(profile, meant, validation) : undefined;
    case 'object':
      return isRecord(meant) ? acceptMembers(profile, meant, validation) : undefined;
  }
}

/** Numbers and truth as text become what they say; a number becomes text where text is wanted. */
function coerced({ type }: Profile, value: Json): Json {
  if ((type === 'number' || type === 'integer') && typeof value === 'string' && value.trim() !== '')
    return Number.isNaN(Number(value)) ? value : Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  const isText = type === 'string' || type === 'text';
  return isText && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : value;
}

function isListed({ enum: listed = [] }: Profile, value: string): boolean {
  return listed.length === 0 || listed.includes(value);
}

function isWithin({ minimum = -Infinity, maximum = Infinity }: Profile, value: number): boolean {
  return value >= minimum && value <= maximum;
}

function acceptItems({ items }: Profile, values: readonly Json[], validation: Validation): Json | undefined {
  const accepted = values.map((value) => (items ? acceptValue(items, value, validation) : value));
  const kept = accepted.filter((value) => value !== undefined);
  return kept.length === values.length ? kept : undefined;
}

/** A member may be left out; one that the profile does not know is kept as it is. */
function acceptMembers(
  { properties = {} }: Profile,
  members: Readonly<Record<string, Json>>,
  validation: Validation,
): Json | undefined {
  const accepted: Record<string, Json> = {};
  for (const [name, value] of Object.entries(members)) {
    const profile = properties[name];
    const member = profile ? acceptValue(profile, value, validation) : value;
    if (member === undefined) return undefined;
    accepted[name] = member;
  }
  return accepted;
}

function isRecord(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
