/** A real HTTP server between the SDK and AWS that lets calls fail, hang, or lose their answers, as it is told. */

import type { AwsService } from '../../infra/local/aws/aws-endpoint.ts';
import { AwsRefusal } from '../../infra/local/aws/aws-refusal.ts';
import type { Faults } from '../../infra/local/aws/faults.ts';
import { type Listening, listen, readBody } from '../../infra/local/http-server.ts';

const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

export function openGate(service: AwsService, targetUrl: string, faults: Faults): Promise<Listening> {
  return listen(async (request, response) => {
    const action = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    const call = { service, action, accessKeyId: '', input: {} };
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => /^(authorization|content-type|x-amz-)/.test(name)),
    ) as Record<string, string>;
    try {
      const body = await readBody(request, MAX_REQUEST_BYTES);
      await faults.strike(call, '', 'before');
      const answer = await fetch(targetUrl, { method: 'POST', headers, body: new Uint8Array(body) });
      const answerBody = Buffer.from(await answer.arrayBuffer());
      await faults.strike(call, '', 'after');
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(answerBody);
    } catch (error) {
      if (!(error instanceof AwsRefusal)) response.destroy();
      else response.writeHead(error.status).end(JSON.stringify(error.body));
    }
  }, 0);
}
