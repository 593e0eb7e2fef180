/** A typed point of a device, and what was reported of it (contract 3). Pure: the time is passed in. */
import * as z from 'zod';
import { Json, Profile } from './profile.ts';

/** The letters and digits of all ids of this cloud (contract 1): never to be read as hex. */
export const objectId = z.string().regex(/^[A-Za-z0-9]{22,25}$/);

export const Report = z.object({
  /** What the device says when it was. */
  atEpochMs: z.number(),
  receivedEpochMs: z.number(),
  value: Json,
});
export type Report = z.infer<typeof Report>;

/** A value that changes by itself. */
export const Movement = z.enum([
  'indoor_temperature',
  'outdoor_temperature',
  'humidity',
  'particles',
  'power',
  'energy',
]);
export type Movement = z.infer<typeof Movement>;

export const AssetKind = z.enum(['sensor', 'actuator', 'virtual', 'config']);
export const AssetStyle = z.enum(['undefined', 'primary', 'secondary', 'config', 'battery']);

export const Asset = z.object({
  assetId: objectId,
  name: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  is: AssetKind,
  profile: Profile,
  style: AssetStyle,
  /** Null when it was made with a token. */
  createdBy: z.string().nullable(),
  createdEpochMs: z.number(),
  updatedEpochMs: z.number(),
  movement: Movement.optional(),
  /** In the order in which they came. */
  reports: z.array(Report),
});
export type Asset = z.infer<typeof Asset>;

const KEPT_REPORTS = 20_000;
/** Without storage only the newest counts; some before it are kept for readers who see it late. */
const KEPT_WITHOUT_STORAGE = 10;

interface Keeping {
  readonly stored: boolean;
  readonly sameAt: 'last_wins' | 'both_kept';
}

export function keepReport(asset: Asset, report: Report, { stored, sameAt }: Keeping): void {
  const others =
    sameAt === 'last_wins'
      ? asset.reports.filter(({ atEpochMs }) => atEpochMs !== report.atEpochMs)
      : asset.reports;
  asset.reports = [...others, report].slice(stored ? -KEPT_REPORTS : -KEPT_WITHOUT_STORAGE);
}

/** What a reader sees who knows nothing that came after `asOfEpochMs`. */
export function visibleReports({ reports }: Asset, asOfEpochMs: number): Report[] {
  return reports.filter(({ receivedEpochMs }) => receivedEpochMs <= asOfEpochMs);
}

/** The newest by its own time, be that in the future, or the one that came last. */
export function currentReport(
  asset: Asset,
  asOfEpochMs: number,
  olderState: 'kept_in_history' | 'becomes_current',
): Report | undefined {
  const visible = visibleReports(asset, asOfEpochMs);
  if (olderState === 'becomes_current') return visible.at(-1);
  return visible.reduce<Report | undefined>(
    (newest, report) => (newest && newest.atEpochMs > report.atEpochMs ? newest : report),
    undefined,
  );
}
