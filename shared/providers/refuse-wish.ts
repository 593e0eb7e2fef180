/** Refusals of wishes, before any call. */
import { LatchkeyError } from '../domain/error.ts';

/** @throws {LatchkeyError} request_invalid – always; `details.fields` names the field */
export function refuseField(field: string, reason: string): never {
  throw new LatchkeyError('request_invalid', `${field} ${reason}`, {
    details: { fields: { [field]: reason } },
  });
}

/** @throws {LatchkeyError} command_unsupported – always */
export function refuseUnsupported(message: string, remedy: string): never {
  throw new LatchkeyError('command_unsupported', message, { details: { remedy } });
}
