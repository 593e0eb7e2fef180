import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

/** RFC 5737: an address that is nobody's. */
const FOREIGN = 'http://192.0.2.1/';

test('a test that reaches for another host fails', async () => {
  const error = await fetch(FOREIGN).catch((reason: Error) => reason);
  expect(String((error as Error).cause)).toContain('tests talk to loopback only');
});

test('so does one that names a host', async () => {
  const error = await fetch('http://example.com/').catch((reason: Error) => reason);
  expect(String((error as Error).cause)).toContain('tests talk to loopback only');
});

test('worker threads are guarded as well', async () => {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     fetch('${FOREIGN}').catch((error) => parentPort.postMessage(String(error.cause)));`,
    { eval: true },
  );
  const said = await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
  expect(said).toContain('tests talk to loopback only');
});
