/**
 * What Lambda's runtime does with a bundle, and nothing else: loads the handler, then takes one event after the other
 * from the runtime API and hands back the answers. Bundled to plain JavaScript, so that no start pays for types.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';

const { AWS_LAMBDA_RUNTIME_API = '', LAMBDA_TASK_ROOT = '' } = process.env;
const base = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

interface Answer {
  readonly requestId: string;
  readonly text: string;
}

function call(
  method: 'GET' | 'POST',
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${base}/${path}`, { method, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ requestId: String(response.headers['lambda-runtime-aws-request-id']), text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function run(): Promise<void> {
  const { handler } = createRequire(__filename)(`${LAMBDA_TASK_ROOT}/index.js`);
  for (;;) {
    const { requestId, text } = await call('GET', 'invocation/next');
    const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => 3_000 };
    try {
      const event = JSON.parse(text);
      const begunAt = performance.now();
      const answer = await handler(event, context);
      const headers = { 'x-handler-ms': String(performance.now() - begunAt) };
      await call('POST', `invocation/${requestId}/response`, JSON.stringify(answer), headers);
    } catch (error) {
      await call('POST', `invocation/${requestId}/error`, JSON.stringify({ errorMessage: String(error) }));
    }
  }
}

void run();
