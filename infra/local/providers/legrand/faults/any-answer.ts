import { type Answer, json } from '../../simulation/answer.ts';
import { layerRefusal, oauthRefusal, refusal } from '../refusals.ts';
import type { FaultParameters } from './fault-kinds.ts';

type Parameters = FaultParameters<'any_answer'>;

/** One body of each shape that Legrand's servers have been seen to give (contract 2.2), and what outages make of it. */
const bodies: { [S in Parameters['body']]: (parameters: Parameters) => Answer } = {
  gateway: ({ status, message }) => refusal(status, message),
  layer: ({ status, message, code }) => layerRefusal(status, message, Number(code)),
  oauth: ({ status, message, code }) => oauthRefusal(status, code, message),
  list: ({ status, message, code }) =>
    json(status, { errors: [{ userMessage: message, internalMessage: 'Simulated', code }] }),
  html: ({ status, message }) => ({
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><head><title>${message}</title></head><body><h1>${message}</h1></body></html>`,
  }),
  half: ({ status }) => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: '{"chronothermostats":[{"function":"HEATI',
  }),
  empty: ({ status }) => ({ status }),
};

export function anyAnswer(parameters: Parameters): Answer {
  const { bodyStatus, status, body, retryAfterSeconds } = parameters;
  const answer = bodies[body]({ ...parameters, status: bodyStatus ?? status });
  const headers: Record<string, string> = { ...answer.headers };
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  return { ...answer, status, headers };
}
