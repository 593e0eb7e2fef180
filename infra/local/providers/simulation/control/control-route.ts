import * as z from 'zod';
import { type Answer, json, redirect } from '../answer.ts';
import type { Call, Route } from '../router.ts';

/** A route that the index page lists with what it is for. */
export interface ControlRoute extends Route {
  readonly summary: string;
}

interface ControlOptions<B extends z.ZodType> {
  readonly summary: string;
  readonly body?: B;
  /** What it returns is the answer; nothing is 204. */
  readonly handle: (body: z.output<B>, call: Call) => unknown;
}

const FORM = 'application/x-www-form-urlencoded';

/** Takes JSON from programs and forms from people; the latter are sent back to the index page. */
export function control<B extends z.ZodType = z.ZodType<unknown>>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  { summary, body, handle }: ControlOptions<B>,
): ControlRoute {
  return {
    method,
    path: `/_sim${path}`,
    summary,
    async handle(call) {
      try {
        const result = await handle((body ?? z.unknown()).parse(readBody(call)) as z.output<B>, call);
        if (isForm(call)) return redirect('/_sim/', 303);
        return result === undefined ? { status: 204 } : json(200, result);
      } catch (error) {
        return refused(error);
      }
    },
  };
}

function isForm({ headers }: Call): boolean {
  return headers['content-type']?.startsWith(FORM) === true;
}

/** A field left empty in a form is a field not sent. */
function readBody(call: Call): unknown {
  if (isForm(call))
    return Object.fromEntries([...new URLSearchParams(call.body)].filter(([, value]) => value !== ''));
  return call.body === '' ? {} : JSON.parse(call.body);
}

/** What the caller did wrong; anything else is a fault of the simulator and stays one. */
function refused(error: unknown): Answer {
  if (error instanceof z.ZodError) return json(400, { message: z.prettifyError(error) });
  if (error instanceof RangeError || error instanceof SyntaxError)
    return json(400, { message: error.message });
  throw error;
}
