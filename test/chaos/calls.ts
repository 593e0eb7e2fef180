/** What the servers see of a rotation: its calls, by name. */
import type { AwsCall } from '../../infra/local/aws/aws-endpoint.ts';

export interface Call {
  /** Place in the order of the caller's calls, from 0. */
  readonly index: number;
  /** `UpdateItem`, `POST` … */
  readonly action: string;
  /** What it is about: the kind of item, `app` or `account` for a secret, `/token`. */
  readonly subject: string;
}

export const exchangeCall = { action: 'POST', subject: '/token' } as const;

export function nameCall({ service, action, input }: AwsCall): Omit<Call, 'index'> {
  return { action, subject: service === 'dynamodb' ? itemOf(input) : secretOf(input) };
}

export function isSame(a: Omit<Call, 'index'>, b: Omit<Call, 'index'> | undefined): boolean {
  return a.action === b?.action && a.subject === b.subject;
}

interface ItemInput {
  readonly Key?: { readonly sk?: { readonly S?: string } };
  readonly Item?: { readonly sk?: { readonly S?: string } };
  readonly IndexName?: string;
}

/** The sort key's beginning tells the kind: `TOKEN`, `ACCOUNT`, `ESCROW#…`. */
function itemOf(input: ItemInput): string {
  const sortKey = input.Key?.sk?.S ?? input.Item?.sk?.S;
  return sortKey?.replace(/#.*$/, '') ?? input.IndexName ?? 'items';
}

function secretOf({ SecretId, Name }: { readonly SecretId?: unknown; readonly Name?: unknown }): string {
  return String(SecretId ?? Name).endsWith('/app') ? 'app secret' : 'account secret';
}
