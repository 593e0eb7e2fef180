/**
 * One sandbox of one function: runs in a worker thread, loads the bundle, then answers one event after the other.
 * Events and answers cross as JSON text, as they do on Lambda: what JSON cannot carry is lost here too.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, SandboxTask, ToWorker } from './lambda-sandbox.ts';

type Handler = (event: unknown, context: object) => unknown;

const { file, exportName, context } = workerData as SandboxTask;
const port = parentPort;
if (!port) throw new TypeError('this file is started by lambda-sandbox.ts, as a worker');

const send = (message: FromWorker) => port.postMessage(message);

async function loadHandler(): Promise<Handler> {
  const moduleFile = `${file}.mjs`;
  const bundle: Record<string, unknown> = existsSync(moduleFile)
    ? await import(pathToFileURL(moduleFile).href)
    : createRequire(file)(file);
  const handler = bundle[exportName];
  if (typeof handler !== 'function') throw new TypeError(`${exportName} is not exported by the bundle`);
  return handler as Handler;
}

async function answer(handler: Handler, { requestId, event, deadlineEpochMs }: ToWorker): Promise<void> {
  try {
    const result = await handler(JSON.parse(event), {
      ...context,
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadlineEpochMs - Date.now()),
    });
    send({ kind: 'answered', payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    send({ kind: 'thrown', error: describeError(error) });
  }
}

/** As Lambda describes it; no more than these three members reach the caller. */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}

loadHandler().then(
  (handler) => {
    port.on('message', (message: ToWorker) => void answer(handler, message));
    send({ kind: 'ready' });
  },
  (error: unknown) => send({ kind: 'unusable', error: describeError(error) }),
);
