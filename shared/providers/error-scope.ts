/** Whom an error is about: one module, or the whole account, so that asking further is of no use. */
import { type ErrorCode, LatchkeyError } from '../domain/error.ts';

const moduleCodes: readonly ErrorCode[] = ['module_unreachable', 'module_unknown', 'module_busy'];
const accountCodes: readonly ErrorCode[] = [
  'provider_throttled',
  'account_unlinked',
  'owner_action_required',
  'token_contended',
  'config_invalid',
];

export function isAboutModule(error: unknown): error is LatchkeyError {
  return error instanceof LatchkeyError && moduleCodes.includes(error.code);
}

export function isAboutAccount(error: unknown): error is LatchkeyError {
  return error instanceof LatchkeyError && accountCodes.includes(error.code);
}
