/** How resources refuse: in which form, nobody knows for certain (contract 2.4 and 8.6). */
import { type Answer, json } from '../../simulation/answer.ts';
import type { Settings } from '../settings.ts';
import type { World } from '../world.ts';

export type ErrorForm = Settings['errorForm'];

export function refusal(
  { state }: Pick<World, 'state'>,
  status: number,
  message: string,
  form: ErrorForm = state.settings.errorForm,
): Answer {
  switch (form) {
    case 'message':
      return json(status, { message });
    case 'capital_message':
      return json(status, { Message: message });
    case 'status_error':
      return json(status, { status, error: message });
    case 'oauth':
      return json(status, { error: 'invalid_request', error_description: message });
    case 'html':
      return htmlError(status, message);
  }
}

export function htmlError(status: number, message: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><head><title>${status}</title></head><body><h1>${message}</h1></body></html>`,
  };
}
