/**
 * The environment of the functions, in groups; a function reads just the groups it needs, on first use.
 * The only file that reads `process.env`.
 */
import * as z from 'zod';
import { LatchkeyError } from '../domain/error.ts';
import { VaultKind } from '../domain/vault-kind.ts';

const text = z.string().min(1);
const days = z.string().regex(/^[1-9]\d*$/);

/** Env names are shared with `infra`, which sets what these groups read. */
export const envGroups = {
  /** The one DynamoDB table. */
  table: z.object({ TABLE_NAME: text }),
  /** Secret with the provider applications' credentials and the root key. */
  app: z.object({ APP_SECRET_ID: text }),
  /** Secret with the first workspace access token. */
  access: z.object({ WORKSPACE_TOKEN_SECRET_ID: text }),
  /** Where accounts' token sets are kept: in secrets, whose names are this prefix and the account id, or sealed. */
  vault: z.object({ ACCOUNT_SECRET_PREFIX: text, VAULT: VaultKind }),
  /** This deployment, as CloudFormation names the stack that keeps its state. */
  stack: z.object({ STACK_ID: text }),
  /** Base URLs of the clouds. */
  providers: z.object({
    LATCHKEY_LEGRAND_LOGIN_URL: z.url(),
    LATCHKEY_LEGRAND_API_URL: z.url(),
    LATCHKEY_NETATMO_URL: z.url(),
    LATCHKEY_ALLTHINGSTALK_URL: z.url(),
  }),
  /** Where the API can be reached from outside, without a trailing slash. */
  api: z.object({ PUBLIC_URL: z.url() }),
  /** Where an owner's browser may be sent after a link: URL prefixes separated by commas; may be empty. */
  link: z.object({ RETURN_TO_ALLOWED: z.string() }),
  defaults: z.object({
    /** The zone of plants whose provider and owner do not tell; IANA. */
    DEFAULT_TIME_ZONE: text,
    /** What one account may call, where the cloud itself names no limit. */
    ALLTHINGSTALK_CALLS_PER_HOUR: z
      .string()
      .regex(/^[1-9]\d*$/)
      .default('1000'),
  }),
  /** How long the past of modules is kept, by resolution, days. */
  retention: z.object({
    RETENTION_DAYS_RAW: days,
    RETENTION_DAYS_FIVE_MINUTES: days,
    RETENTION_DAYS_HOUR: days,
    RETENTION_DAYS_DAY: days,
  }),
  log: z.object({ LOG_LEVEL: z.string().default('INFO') }),
} as const;

export type EnvGroup = keyof typeof envGroups;
export type Env<G extends EnvGroup> = { [K in G]: z.infer<(typeof envGroups)[K]> };

/**
 * Reads the groups named.
 * @throws {LatchkeyError} config_invalid – when a variable is missing or malformed; its name is in the message
 */
export function readEnv<G extends EnvGroup>(
  groups: readonly G[],
  source: NodeJS.ProcessEnv = process.env,
): Env<G> {
  const env: Partial<Record<EnvGroup, unknown>> = {};
  for (const group of groups) {
    const result = envGroups[group].safeParse(source);
    if (!result.success) {
      const names = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
      throw new LatchkeyError('config_invalid', `environment: ${names.join('; ')}`);
    }
    env[group] = result.data;
  }
  return env as Env<G>;
}
