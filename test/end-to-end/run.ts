/** `npm start` as a process of its own, to be killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { createClient } from '../../infra/local/demo/client.ts';
import { createLegrandControls } from '../../infra/local/demo/legrand/controls.ts';
import type { Place } from './home.ts';

const program = join(import.meta.dirname, '../../infra/local/run.ts');
const Ready = z.object({ api: z.url(), token: z.string(), providers: z.object({ legrand: z.url() }) });

export interface Running extends Place {
  readonly api: string;
  /** The workspace's, the same from start to start. */
  readonly token: string;
  /** At once, as a power cut does; resolves when it is gone. */
  kill(): Promise<void>;
  /** As Ctrl-C does; resolves to the exit code. */
  stop(): Promise<number | null>;
}

/** Starts it in a folder, where it keeps its state, and waits for its ready line. */
export async function run(folder: string, port: number): Promise<Running> {
  const child = spawn(process.execPath, [program, '--json', '--port', String(port)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const line = once(createInterface({ input: child.stdout }), 'line');
  const first = await Promise.race([line, ended.then(() => undefined)]);
  if (!first) throw new Error(`it ended before it was ready: ${said}`);
  const { api, token, providers } = Ready.parse(JSON.parse(first[0]));

  const end = async (signal: 'SIGKILL' | 'SIGINT') => {
    child.kill(signal);
    await ended;
    return child.exitCode;
  };
  return {
    api,
    token,
    client: createClient(api, token),
    legrand: createLegrandControls(providers.legrand),
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGINT'),
  };
}
