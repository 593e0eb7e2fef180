import * as z from 'zod';
import { Retention } from '../shared/domain/retention.ts';
import { TimeZone } from '../shared/domain/time.ts';
import { VaultKind } from '../shared/domain/vault-kind.ts';
import type { Env } from '../shared/runtime/env.ts';

/** Base URLs of the clouds, by the names the functions read them under. */
export type ProviderUrls = Env<'providers'>['providers'];

/** Where Latchkey talks to unless a stage or the environment says otherwise. */
const providerUrlDefaults: ProviderUrls = {
  LATCHKEY_LEGRAND_LOGIN_URL: 'https://partners-login.eliotbylegrand.com',
  LATCHKEY_LEGRAND_API_URL: 'https://api.developer.legrand.com/smarther/v2.0',
  LATCHKEY_NETATMO_URL: 'https://api.netatmo.com',
  LATCHKEY_ALLTHINGSTALK_URL: 'https://api.allthingstalk.io',
};
const providerUrlNames = Object.keys(providerUrlDefaults) as (keyof ProviderUrls)[];

const loopbackHosts = ['127.0.0.1', 'localhost'];

/** Part of the names of all resources, and of secrets, which allow few characters. */
const StageName = z.string().regex(/^[a-z][a-z0-9-]{0,15}$/, 'must be 1 to 16 of a-z, 0-9 and -');

const ReturnToPrefix = z
  .string()
  .refine(isReturnToPrefix, 'must be an https URL with a path, or http on loopback');

const BareUrl = z.url({ protocol: /^https?$/ }).regex(/[^/]$/, 'must not end with a slash');

const StageSettings = z.strictObject({
  /** URL prefixes an owner's browser may be sent to after a link. */
  returnTo: z.array(ReturnToPrefix).default([]),
  /** For thermostats whose plant does not tell its zone. */
  defaultTimeZone: TimeZone.default('Europe/Paris'),
  /** What one account may call at AllThingsTalk, which names no limit: the more devices, the less often they are polled. */
  allthingstalkCallsPerHour: z.int().min(60).max(100_000).default(1_000),
  /** How long the past of modules is kept, by resolution, days; see docs/history.md. */
  retentionDays: Retention.prefault({}),
  /** How long readings wait for more of them, to be condensed together: the longer, the fewer calls to the table. */
  condenseAfterSeconds: z.int().min(0).max(300).default(20),
  /** Where the API is reached if not at API Gateway's own address. */
  publicUrl: BareUrl.optional(),
  providerUrls: z
    .strictObject({
      LATCHKEY_LEGRAND_LOGIN_URL: BareUrl,
      LATCHKEY_LEGRAND_API_URL: BareUrl,
      LATCHKEY_NETATMO_URL: BareUrl,
      LATCHKEY_ALLTHINGSTALK_URL: BareUrl,
    })
    .partial()
    .default({}),
  /** Where the accounts' token sets are kept; see docs/vault.md for when to change it, and how accounts move. */
  vault: VaultKind.default('secrets'),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
  /** SNS topic that is told of alarms. */
  alarmTopicArn: z.string().startsWith('arn:').optional(),
});
export type StageSettings = z.input<typeof StageSettings>;

export type Stage = Omit<z.output<typeof StageSettings>, 'providerUrls'> & {
  readonly name: string;
  readonly providerUrls: ProviderUrls;
};

/** What an operator wrote cannot be used; the message is one line that says what and where. */
export class StageError extends Error {
  override readonly name = 'StageError';
}

export interface StageSource {
  /** Name of the stage, as given on the command line. */
  readonly stage: unknown;
  /** `stages` in the context of `cdk.json`, by name. */
  readonly stages: unknown;
  /** Settings that replace those of the stage, one by one. */
  readonly settings?: StageSettings | undefined;
  /** Variables that override the providers' URLs of the stage. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** @throws {StageError} when the stage is not one of `stages` or its settings are malformed */
export function readStage({ stage, stages, settings, environment = {} }: StageSource): Stage {
  const known = z.record(StageName, z.looseObject({})).safeParse(stages ?? {});
  if (!known.success) throw new StageError(`cdk.json, stages: ${reasonsOf(known.error)}`);
  if (typeof stage !== 'string' || !Object.hasOwn(known.data, stage)) {
    const names = Object.keys(known.data).join(', ') || 'none';
    throw new StageError(
      `unknown stage ${JSON.stringify(stage) ?? '(none given)'}; cdk.json knows: ${names}`,
    );
  }
  const merged = StageSettings.safeParse({ ...known.data[stage], ...settings });
  if (!merged.success) throw new StageError(`cdk.json, stage ${stage}: ${reasonsOf(merged.error)}`);
  const overrides = StageSettings.shape.providerUrls.safeParse(given(environment));
  if (!overrides.success) throw new StageError(`providers' URLs: ${reasonsOf(overrides.error)}`);
  return {
    ...merged.data,
    name: stage,
    providerUrls: { ...providerUrlDefaults, ...merged.data.providerUrls, ...overrides.data },
  };
}

/**
 * Whether everything that begins with this text is at the same origin. A bare origin is not enough:
 * `https://app.example` is also how `https://app.example.evil.net` and `https://app.example@evil.net` begin.
 */
function isReturnToPrefix(prefix: string): boolean {
  const url = URL.parse(prefix);
  if (!url || !prefix.startsWith(`${url.origin}/`) || prefix.includes(',')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.includes(url.hostname));
}

function given(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    providerUrlNames.flatMap((name) => {
      const url = environment[name];
      return url ? [[name, url]] : [];
    }),
  );
}

function reasonsOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`).join('; ');
}
