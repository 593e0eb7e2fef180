/** A case, or several, for every row of AllThingsTalk's table of API answers. */
import type { FaultName } from '../../../../infra/local/providers/allthingstalk/faults/fault-kinds.ts';
import type { Operation } from '../../../../infra/local/providers/allthingstalk/faults/operation.ts';
import type { FaultOrder } from '../../../../infra/local/providers/simulation/faults/faults.ts';
import { GARDEN, HOUSE } from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { backOff, type CallCase } from '../error-case.ts';

export interface ApiCase extends CallCase<FaultOrder<FaultName, Operation>> {
  /** What is asked; the devices of the ground unless told otherwise. */
  readonly path?: string;
  /** The token is nobody's. */
  readonly wrong?: 'token';
}

const throttled = {
  row: '429, with Retry-After or without',
  code: 'provider_throttled',
  status: 429,
  actor: 'provider',
  retry: 'later',
  retryAfterSeconds: 60,
} as const;
const unlinked = {
  row: '401 with any text',
  code: 'account_unlinked',
  status: 409,
  actor: 'owner',
  retry: 'never',
} as const;
const rejected = { code: 'provider_rejected', status: 422, retry: 'never' } as const;
const foreign = { ...rejected, row: '403 with any text', actor: 'owner' } as const;
const wrongValue = { ...rejected, row: '400 with any text', actor: 'client' } as const;
const ourFault = { ...rejected, row: '405 or any other status up to 499', actor: 'operator' } as const;
const unknown = {
  row: '404 with any text',
  code: 'module_unknown',
  status: 404,
  actor: 'client',
  retry: 'never',
} as const;
const failing = {
  row: '500, 502, 503 or 504, as JSON, text or HTML',
  code: 'provider_unavailable',
  status: 503,
  actor: 'provider',
  retry: 'later',
  repeat: backOff,
} as const;
const noJson = {
  row: '200 with an empty body, HTML or half a JSON',
  code: 'provider_unavailable',
  status: 503,
  actor: 'provider',
  retry: 'later',
} as const;
const noKey = {
  row: '200 with JSON of another shape than expected',
  code: 'provider_unexpected',
  status: 502,
  actor: 'operator',
  retry: 'never',
} as const;
const strange = { ...noKey, row: 'anything else' } as const;

type Form = 'message' | 'capital_message' | 'status_error' | 'oauth' | 'html';
const WORDS = 'An error has occurred.';

/** The API refuses in one of the forms that were seen. */
function says(status: number, form: Form): Pick<ApiCase, 'fault' | 'provider'> {
  return {
    fault: { name: 'refused', parameters: { status, message: WORDS, form } },
    provider: {
      status,
      ...(form === 'oauth' && { code: 'invalid_request' }),
      ...(form !== 'html' && { message: WORDS }),
    },
  };
}
const forms: readonly Form[] = ['message', 'capital_message', 'status_error', 'oauth', 'html'];
const page = (status: number): Pick<ApiCase, 'fault' | 'provider'> => ({
  fault: { name: 'html_error', parameters: { status } },
  provider: { status },
});
const plain = (status: number, text: string): Pick<ApiCase, 'fault' | 'provider'> => ({
  fault: { name: 'text_error', parameters: { status, text } },
  provider: { status, message: text },
});

export const apiCases: readonly ApiCase[] = [
  {
    ...throttled,
    fault: { name: 'throttled' },
    provider: { status: 429, message: 'Too many requests.' },
  },
  {
    ...throttled,
    fault: { name: 'throttled', parameters: { retryAfterSeconds: 7 } },
    provider: { status: 429, message: 'Too many requests.' },
    retryAfterSeconds: 7,
  },
  {
    ...unlinked,
    wrong: 'token',
    provider: { status: 401, message: 'Authorization has been denied for this request.' },
  },
  {
    ...unlinked,
    fault: { name: 'unauthorized', parameters: { message: 'Token expired' } },
    provider: { status: 401, message: 'Token expired' },
  },
  {
    ...foreign,
    path: '/me/grounds',
    provider: { status: 403, message: 'This token gives no access to the account.' },
  },
  {
    ...foreign,
    path: `/device/${GARDEN}`,
    provider: { status: 403, message: 'You do not have access to this device.' },
  },
  {
    ...unknown,
    path: '/device/NobodyNobodyNobodyNobody',
    provider: { status: 404, message: 'Device not found.' },
  },
  { ...unknown, path: `/ground/${HOUSE}/nothing`, provider: { status: 404, message: 'Resource not found' } },
  ...forms.flatMap((form): ApiCase[] => [
    { ...foreign, ...says(403, form) },
    { ...unknown, ...says(404, form) },
    { ...wrongValue, ...says(400, form) },
    { ...ourFault, ...says(405, form) },
    { ...failing, ...says(500, form) },
  ]),
  { ...ourFault, ...plain(415, 'Unsupported media type') },
  ...[500, 502, 503, 504].map((status): ApiCase => ({ ...failing, ...page(status) })),
  { ...failing, ...plain(500, 'Unexpected failure') },
  { ...noJson, ...page(200) },
  {
    ...noJson,
    fault: { name: 'text_error', parameters: { status: 200, text: '{"items":[' } },
    provider: { status: 200, message: '{"items":[' },
  },
  {
    ...noKey,
    fault: { name: 'refused', parameters: { status: 200, message: WORDS, form: 'message' } },
    provider: { status: 200, message: WORDS },
  },
  { ...strange, ...page(302) },
  { ...strange, ...plain(304, ''), provider: { status: 304 } },
];
