/** One running Latchkey and its simulated cloud, shared by the tests of a file and reached over HTTP only. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, vi } from 'vitest';
import { type Client, createClient } from '../../infra/local/demo/client.ts';
import { createLegrandControls, type LegrandControls } from '../../infra/local/demo/legrand/controls.ts';
import { type Latchkey, startLatchkey } from '../../infra/local/start.ts';
import type { StageSettings } from '../../infra/stage.ts';
import { createInside, type Inside } from './inside.ts';
import { type Kept, openKept } from './kept.ts';
import { PATIENCE_SECONDS } from './until.ts';

export interface Bench {
  /** Without a trailing slash. */
  readonly api: string;
  readonly token: string;
  /** Folder with everything that Latchkey and the simulator wrote. */
  readonly statePath: string;
  readonly client: Client;
  readonly legrand: LegrandControls;
  /** Where the simulated clouds are. */
  readonly providers: Latchkey['providers'];
  readonly inside: Inside;
  readonly kept: Kept;
  /** Once is enough, and twice does no harm. */
  close(): Promise<void>;
}

/** Starts Latchkey on a folder; schedules run only when a test says so. */
export async function startBench(statePath: string, port = 0, settings: StageSettings = {}): Promise<Bench> {
  // What waits in vain is to say for what, before the runner ends it.
  vi.setConfig({ testTimeout: 2 * PATIENCE_SECONDS * 1000 });
  const latchkey = await startLatchkey({ statePath, port, schedules: false, settings });
  const { api, token, cloud } = latchkey;
  const kept = openKept({ dynamodb: cloud.dynamodbUrl, secretsManager: cloud.secretsManagerUrl });
  return {
    api,
    token,
    statePath,
    client: createClient(api, token),
    legrand: createLegrandControls(latchkey.providers.legrand),
    providers: latchkey.providers,
    inside: createInside(api),
    kept,
    async close() {
      kept.close();
      await latchkey.close();
    },
  };
}

/** A bench for the file that awaits this; its faults end with the test that switched them on. */
export async function useBench(settings: StageSettings = {}): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-e2e-'));
  const bench = await startBench(folder, 0, settings);
  let isOpen = true;
  const close = async () => {
    isOpen = false;
    await bench.close();
  };
  afterEach(async () => {
    if (isOpen) await Promise.all([bench.legrand.clearFaults(), bench.inside.clearFaults()]);
  });
  afterAll(async () => {
    await close();
    await rm(folder, { recursive: true });
  });
  return { ...bench, close };
}
