import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'simulated-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A simulated cloud in a process of its own, which can be killed; its script prints itself as one line of JSON. */
export async function startProcess<C>(
  script: URL,
  parameters: readonly string[],
): Promise<{ cloud: C; kill: () => Promise<void> }> {
  const child = spawn(process.execPath, [script.pathname, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await Promise.race([
    new Promise<string>((resolve) => child.stdout.once('data', (bytes) => resolve(String(bytes)))),
    gone.then(() => Promise.reject(new Error('the cloud ended before it was ready'))),
  ]);
  const kill = () => {
    child.kill('SIGKILL');
    return gone;
  };
  onTestFinished(kill);
  return { cloud: JSON.parse(line) as C, kill };
}
