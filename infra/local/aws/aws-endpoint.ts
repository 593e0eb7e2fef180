/**
 * AWS' JSON protocol, server side: one POST per call, the action in `X-Amz-Target`, errors told apart by `__type`.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { type Listening, listen, readBody } from '../http-server.ts';
import { AwsRefusal, refusal } from './aws-refusal.ts';

export type AwsService = 'dynamodb' | 'secretsmanager';

export interface AwsCall {
  readonly service: AwsService;
  readonly action: string;
  /** From the request's signature; it tells which function calls. */
  readonly accessKeyId: string;
  readonly input: Record<string, unknown>;
}

export interface Outcome {
  readonly requestBytes: number;
  readonly answerBytes: number;
  readonly isRefused: boolean;
}

/** What stands between caller and service; every member may refuse by throwing an {@link AwsRefusal} or wait. */
export interface Watch {
  /** Before anything is done. */
  before(call: AwsCall): Promise<void>;
  /** The call is done and durable, its answer not sent yet. */
  after(call: AwsCall): Promise<void>;
  count(call: AwsCall, outcome: Outcome): void;
}

export interface AwsEndpoint {
  readonly service: AwsService;
  /** 1.0 for DynamoDB, 1.1 for Secrets Manager; only the content type differs. */
  readonly jsonVersion: '1.0' | '1.1';
  readonly port?: number;
  readonly watch?: Watch;
  handle(action: string, input: Record<string, unknown>): Promise<object>;
}

/** Thrown by a watch to cut the connection: the caller cannot know whether its call was done. */
export class ConnectionCut extends Error {}

/** DynamoDB's own limit. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

export function serveAws(endpoint: AwsEndpoint): Promise<Listening> {
  return listen((request, response) => {
    answerCall(endpoint, request, response).catch(() => response.destroy());
  }, endpoint.port ?? 0);
}

async function answerCall(endpoint: AwsEndpoint, request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request, MAX_REQUEST_BYTES);
  const call = {
    service: endpoint.service,
    action: String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, ''),
    accessKeyId: accessKeyIdOf(request),
  };
  let status = 200;
  let answer: string;
  try {
    answer = JSON.stringify(await perform(endpoint, { ...call, input: parseInput(body) }));
  } catch (error) {
    if (error instanceof ConnectionCut) throw error;
    const refused = error instanceof AwsRefusal ? error : internalError(error);
    status = refused.status;
    answer = JSON.stringify(refused.body);
  }
  const outcome = {
    requestBytes: body.length,
    answerBytes: Buffer.byteLength(answer),
    isRefused: status !== 200,
  };
  endpoint.watch?.count({ ...call, input: {} }, outcome);
  response.writeHead(status, {
    'content-type': `application/x-amz-json-${endpoint.jsonVersion}`,
    'content-length': outcome.answerBytes,
    'x-amzn-requestid': randomUUID(),
    'x-amz-crc32': crc32(answer),
  });
  response.end(answer);
}

async function perform({ watch, handle }: AwsEndpoint, call: AwsCall): Promise<object> {
  await watch?.before(call);
  const answer = await handle(call.action, call.input);
  await watch?.after(call);
  return answer;
}

function parseInput(body: Buffer): Record<string, unknown> {
  try {
    const input: unknown = JSON.parse(body.toString('utf8'));
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return { ...input };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw refusal('com.amazon.coral.service#SerializationException', 'The request is not a JSON object');
}

/** `AWS4-HMAC-SHA256 Credential=<access key id>/<day>/<region>/<service>/aws4_request, …`; signatures are not checked. */
function accessKeyIdOf(request: IncomingMessage): string {
  return /Credential=([^/,\s]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function internalError(cause: unknown): AwsRefusal {
  const message = `the local cloud failed: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new AwsRefusal(500, { __type: 'InternalServerError', message });
}
