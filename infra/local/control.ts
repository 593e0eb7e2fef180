/** Routes under `/_local/`, for people and tests who want to look inside. They are not part of the template. */
import type { IncomingMessage, RequestListener } from 'node:http';
import * as z from 'zod';
import type { Calls } from './aws/calls.ts';
import { Fault, type Faults } from './aws/faults.ts';
import { gatewayMessage, type HttpAnswer } from './gateway/gateway-answer.ts';
import { send } from './gateway.ts';
import { readBody } from './http-server.ts';
import type { LambdaHost } from './lambda-host.ts';
import type { Schedules } from './schedule.ts';
import type { StreamState } from './stream.ts';

export interface ControlOptions {
  readonly functions: LambdaHost['functions'];
  readonly schedules: Schedules;
  readonly streams: () => readonly StreamState[];
  readonly calls: Calls;
  readonly faults: Faults;
  /** Deletes what has expired; resolves to how many items. */
  readonly sweep: () => Promise<number>;
}

type Control = (request: IncomingMessage, name: string) => Promise<unknown> | unknown;

const MAX_BODY_BYTES = 64 * 1024;
const loopback = /^(https?:\/\/)?(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** @returns undefined for a path that is none of these */
export function createControl(options: ControlOptions): (path: string) => RequestListener | undefined {
  const { calls, faults, schedules } = options;
  const controls: Readonly<Record<string, Control>> = {
    'GET functions': () => ({ functions: options.functions() }),
    'GET streams': () => ({ streams: options.streams() }),
    'GET schedules': () => ({ schedules: schedules.states() }),
    'POST schedules/{name}/run': (_, name) => runSchedule(schedules, name),
    'POST expiry/run': async () => ({ deleted: await options.sweep() }),
    'GET calls': () => ({ calls: calls.counts() }),
    'DELETE calls': () => calls.reset(),
    'GET faults': () => ({ faults: faults.list() }),
    'POST faults': async (request) => faults.add(await readFault(request)),
    'DELETE faults': () => faults.clear(),
  };

  async function answer(request: IncomingMessage, path: string): Promise<HttpAnswer> {
    if (!isFromHere(request)) return gatewayMessage(403, 'Only from this machine');
    const name = /^schedules\/([^/]+)\/run$/.exec(path)?.[1];
    const key = `${request.method} ${name === undefined ? path : 'schedules/{name}/run'}`;
    const control = Object.hasOwn(controls, key) ? controls[key] : undefined;
    if (!control) return gatewayMessage(404, `Not Found; there are: ${Object.keys(controls).join(', ')}`);
    return json(200, (await control(request, name ?? '')) ?? {});
  }

  return (path) => {
    if (!path.startsWith('/_local/')) return undefined;
    return (request, response) => {
      answer(request, path.slice('/_local/'.length)).then(
        (httpAnswer) => send(response, httpAnswer, false),
        (error: unknown) => send(response, refused(error), false),
      );
    };
  };
}

async function runSchedule(schedules: Schedules, name: string): Promise<unknown> {
  const run = schedules.run(name);
  if (!run) throw new ControlRefused(404, `there is no schedule ${name}`);
  const invocation = await run;
  if (invocation.kind === 'answered') return { result: invocation.payload };
  throw new ControlRefused(502, invocation.error.errorMessage);
}

async function readFault(request: IncomingMessage): Promise<z.input<typeof Fault>> {
  const text = (await readBody(request, MAX_BODY_BYTES)).toString('utf8');
  const result = z
    .string()
    .transform((body) => JSON.parse(body))
    .pipe(Fault)
    .safeParse(text);
  if (result.success) return result.data;
  throw new ControlRefused(400, z.prettifyError(result.error));
}

class ControlRefused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function refused(error: unknown): HttpAnswer {
  if (error instanceof ControlRefused) return gatewayMessage(error.status, error.message);
  return gatewayMessage(400, error instanceof Error ? error.message : String(error));
}

/** The server listens on loopback only; this keeps out web pages that a browser here has open. */
function isFromHere({ headers }: IncomingMessage): boolean {
  return loopback.test(headers.host ?? '') && loopback.test(headers.origin ?? 'localhost');
}

function json(status: number, value: unknown): HttpAnswer {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { 'content-type': 'application/json' }, body };
}
