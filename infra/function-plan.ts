/**
 * What every function gets and what it may use, in one place. `service-stack` turns a line of this into
 * permission and environment together; what is not here, a function can neither do nor see.
 */
import type { FunctionName } from './constructs/entry-function.ts';
import type { TableAction, TableIndex } from './constructs/table.ts';
import type { AccountSecretAction } from './constructs/vault.ts';

/** Environment groups that grant nothing. */
export type SettingGroup = 'api' | 'link' | 'providers' | 'defaults' | 'stack';

export interface FunctionPlan {
  readonly memoryMb: number;
  /** At most 29 for everything that may rotate a token set: it has to end before its lease does. */
  readonly timeoutSeconds: number;
  readonly table?: readonly TableAction[];
  readonly indexes?: Partial<Record<TableIndex, readonly TableAction[]>>;
  readonly secrets?: readonly ('app' | 'access')[];
  readonly accountSecrets?: readonly AccountSecretAction[];
  readonly settings?: readonly SettingGroup[];
}

/** API Gateway gives up after 30 s, and a lease on a token set ends after 40 s: both must outlast the function. */
const LIMIT_SECONDS = 29;

/**
 * What it takes to rotate: to keep an answer where no secret is yet (an account that comes from the sealed vault, or
 * whose table cannot be reached), to look through what is kept, and to delete what was kept for nobody.
 */
const rotating = [
  'GetSecretValue',
  'ListSecretVersionIds',
  'PutSecretValue',
  'CreateSecret',
  'DeleteSecret',
] as const satisfies readonly AccountSecretAction[];

export const functionPlan = {
  'describe-api': { memoryMb: 512, timeoutSeconds: 5, settings: ['api'] },
  'start-link': {
    memoryMb: 512,
    timeoutSeconds: 10,
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    secrets: ['app', 'access'],
    settings: ['api', 'link', 'providers', 'defaults'],
  },
  'complete-link': {
    memoryMb: 512,
    timeoutSeconds: LIMIT_SECONDS,
    table: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
    secrets: ['app', 'access'],
    accountSecrets: rotating,
    settings: ['api', 'providers', 'defaults', 'stack'],
  },
  'manage-accounts': {
    memoryMb: 512,
    timeoutSeconds: LIMIT_SECONDS,
    table: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
    indexes: { owner: ['Query', 'Scan'] },
    secrets: ['app', 'access'],
    accountSecrets: rotating,
    settings: ['api', 'providers', 'defaults', 'stack'],
  },
  'manage-tokens': {
    memoryMb: 512,
    timeoutSeconds: 10,
    table: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
    secrets: ['access'],
  },
  'receive-webhook': {
    // Memory buys processor time, and Legrand bans who answers late: this is for the cold start, not for space.
    memoryMb: 1024,
    timeoutSeconds: 3,
    table: ['PutItem'],
    secrets: ['app'],
  },
  'read-home': {
    memoryMb: 512,
    timeoutSeconds: LIMIT_SECONDS,
    table: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
    indexes: { owner: ['Query', 'Scan'] },
    secrets: ['app', 'access'],
    accountSecrets: rotating,
    settings: ['api', 'providers', 'defaults', 'stack'],
  },
  'send-command': {
    memoryMb: 512,
    timeoutSeconds: LIMIT_SECONDS,
    table: ['GetItem', 'PutItem', 'UpdateItem', 'Query'],
    secrets: ['app', 'access'],
    accountSecrets: rotating,
    settings: ['api', 'providers', 'defaults', 'stack'],
  },
  'read-events': {
    memoryMb: 512,
    timeoutSeconds: LIMIT_SECONDS,
    table: ['GetItem', 'Query'],
    secrets: ['access'],
  },
  'read-digests': {
    memoryMb: 512,
    timeoutSeconds: LIMIT_SECONDS,
    table: ['GetItem', 'Query', 'PutItem'],
    indexes: { owner: ['Query', 'Scan'] },
    secrets: ['access'],
  },
  'project-changes': {
    memoryMb: 512,
    timeoutSeconds: 60,
    table: ['GetItem', 'PutItem', 'UpdateItem', 'Query'],
    secrets: ['app'],
    settings: ['providers', 'defaults'],
  },
  'rotate-tokens': {
    memoryMb: 512,
    timeoutSeconds: LIMIT_SECONDS,
    table: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
    indexes: { due: ['Query'] },
    secrets: ['app'],
    accountSecrets: rotating,
    settings: ['api', 'providers', 'defaults', 'stack'],
  },
  'sync-accounts': {
    memoryMb: 512,
    timeoutSeconds: LIMIT_SECONDS,
    table: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
    indexes: { due: ['Query'] },
    secrets: ['app'],
    accountSecrets: rotating,
    settings: ['api', 'providers', 'defaults', 'stack'],
  },
  'continue-commands': {
    memoryMb: 512,
    timeoutSeconds: LIMIT_SECONDS,
    table: ['GetItem', 'PutItem', 'UpdateItem', 'Query'],
    indexes: { due: ['Query'] },
    secrets: ['app'],
    accountSecrets: rotating,
    settings: ['api', 'providers', 'defaults', 'stack'],
  },
} as const satisfies Record<FunctionName, FunctionPlan>;

export const functionNames = Object.keys(functionPlan) as FunctionName[];
