/** A whole Latchkey of its own for a bench, with one home linked to it as a person would; reached over HTTP. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { createClient } from '../../infra/local/demo/client.ts';
import { createLegrandControls, type PersonWish } from '../../infra/local/demo/legrand/controls.ts';
import { startLatchkey } from '../../infra/local/start.ts';
import { type Home, linkHome, type Place } from '../end-to-end/home.ts';
import { createInside, type Inside } from '../end-to-end/inside.ts';
import { type Kept, openKept } from '../end-to-end/kept.ts';
import { hookOf } from '../end-to-end/notification.ts';

const Functions = z.object({
  functions: z.array(z.looseObject({ name: z.string(), errors: z.int() })),
});

export interface LocalLatchkey extends Place {
  /** Without a trailing slash. */
  readonly api: string;
  readonly token: string;
  readonly inside: Inside;
  readonly kept: Kept;
  readonly home: Home;
  /** The webhook address of the home. */
  readonly hook: string;
  readSecret(name: string): string | undefined;
  /** How often a function, its stage's prefix left out, threw, exited or took too long. */
  errorsOf(functionName: string): Promise<number>;
  close(): Promise<void>;
}

export interface LocalLatchkeyOptions {
  /** The home's plants; default one plant with one thermostat. */
  readonly plants?: PersonWish['plants'];
  /** Folder with one `<function>.ts` each; default `functions`. */
  readonly functionsFolder?: string;
}

export async function openLatchkey(options: LocalLatchkeyOptions = {}): Promise<LocalLatchkey> {
  const { plants, functionsFolder } = options;
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'));
  const latchkey = await startLatchkey({
    statePath: folder,
    port: 0,
    schedules: false,
    ...(functionsFolder !== undefined && { functionsFolder }),
  });
  const { api, token, cloud, providers } = latchkey;
  const kept = openKept({ dynamodb: cloud.dynamodbUrl, secretsManager: cloud.secretsManagerUrl });
  const place = { client: createClient(api, token), legrand: createLegrandControls(providers.legrand) };
  const home = await linkHome(place, plants);
  const inside = createInside(api);
  await inside.settle();
  return {
    ...place,
    api,
    token,
    inside,
    kept,
    home,
    hook: await hookOf(place, home),
    readSecret: latchkey.readSecret,
    async errorsOf(functionName) {
      const answer = await fetch(`${api}/_local/functions`);
      const { functions } = Functions.parse(await answer.json());
      const found = functions.find(({ name }) => name.endsWith(`-${functionName}`));
      if (!found) throw new TypeError(`there is no function ${functionName}`);
      return found.errors;
    },
    async close() {
      kept.close();
      await latchkey.close();
      await rm(folder, { recursive: true });
    },
  };
}
