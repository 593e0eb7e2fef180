/**
 * The local cloud: hosts what a synthesized CDK app says, on loopback, with its state in one folder.
 *
 *     const cloud = await startLocalCloud({ assemblyDir, statePath });
 *     await fetch(`${cloud.apiUrl}/health`);
 *     await cloud.close();
 */
import type { RequestListener } from 'node:http';
import { createClosing } from './closing.ts';
import { type CloudState, openCloudState } from './cloud-state.ts';
import { type CloudWork, startCloudWork } from './cloud-work.ts';
import { createControl } from './control.ts';
import { gatewayMessage } from './gateway/gateway-answer.ts';
import { pathOf } from './gateway/gateway-event.ts';
import { readRoutes } from './gateway/gateway-routes.ts';
import { createGateway, send } from './gateway.ts';
import { listen } from './http-server.ts';
import type { LambdaHost } from './lambda-host.ts';

export interface LocalCloudOptions {
  /** Folder that a synthesis wrote. */
  readonly assemblyDir: string;
  /** Folder for table, secrets and logs; made if it is not there. */
  readonly statePath: string;
  /** 0 or absent: a free one. */
  readonly apiPort?: number;
  /** Whether schedules run by themselves; default true. */
  readonly schedules?: boolean;
  /** Told of what goes wrong in the background, one line at a time. */
  readonly log?: (line: string) => void;
}

export interface LocalCloud {
  /** Without a trailing slash, like the other URLs. */
  readonly apiUrl: string;
  readonly dynamodbUrl: string;
  readonly secretsManagerUrl: string;
  /** Runs a function, whose name may lack the stage's prefix. */
  readonly invoke: LambdaHost['invoke'];
  /** The current text of a secret; undefined where there is none. */
  readSecret(name: string): string | undefined;
  putSecret(name: string, value: string): Promise<void>;
  /** Lets running functions finish, for nine seconds unless told otherwise, then stops everything. */
  close(graceMs?: number): Promise<void>;
}

/** An exchange with a provider takes eight seconds at most; cut in the middle, it could cost an account. */
export const GRACE_MS = 9_000;

/** @throws {LatchkeyError} config_invalid – when state folder, port or template cannot be used; the message is for people */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { assemblyDir, statePath, apiPort = 0, schedules = true, log = () => {} } = options;
  const closing = createClosing();
  let apiUrl: string | undefined;
  let answer: RequestListener = (_, response) => send(response, gatewayMessage(503, 'Starting'), false);
  try {
    const state = await openCloudState({ assemblyDir, statePath, closing, apiEndpoint: () => apiUrl });
    // Functions are told the API's address, and so it listens before there is anything to answer with.
    const api = await listen((request, response) => answer(request, response), apiPort);
    closing.add(api.close);
    apiUrl = api.url;
    const work = await startCloudWork(state, { statePath, schedules, log });
    closing.add(work.stop);
    // Last opened, first closed: no request comes in any more while functions finish.
    closing.add(api.close);
    answer = createAnswer(state, work);

    const { dynamodb, secretsManager } = state;
    return {
      apiUrl,
      dynamodbUrl: dynamodb.url,
      secretsManagerUrl: secretsManager.url,
      invoke: work.host.invoke,
      readSecret: secretsManager.read,
      putSecret: secretsManager.write,
      close: (graceMs = GRACE_MS) => closing.close(graceMs),
    };
  } catch (error) {
    await closing.close(0);
    throw error;
  }
}

/** Control routes first: the template knows nothing of them, and may have a route for everything. */
function createAnswer({ template, calls, faults, dynamodb }: CloudState, work: CloudWork): RequestListener {
  const gateway = createGateway({ routes: readRoutes(template), invoke: work.host.invoke });
  const control = createControl({
    functions: work.host.functions,
    schedules: work.schedules,
    streams: () => work.streams.map((stream) => stream.state()),
    calls,
    faults,
    sweep: dynamodb.sweep,
  });
  return (request, response) => (control(pathOf(request)) ?? gateway)(request, response);
}
