/**
 * Everything that `npm start` starts, for the demo and for tests as well:
 *
 *     const latchkey = await startLatchkey({ statePath, port: 0 });
 *     await fetch(`${latchkey.api}/v1/accounts`, { headers: { authorization: `Bearer ${latchkey.token}` } });
 *     await latchkey.close();
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LatchkeyError } from '../../shared/domain/error.ts';
import { type ProviderUrls, StageError, type StageSettings } from '../stage.ts';
import { synthesize } from '../synthesize.ts';
import { type Closing, createClosing } from './closing.ts';
import { GRACE_MS, type LocalCloud, startLocalCloud } from './cloud.ts';
import { listen } from './http-server.ts';
import { createLegrandCloud, type LegrandCloud } from './providers/legrand/cloud.ts';
import { lockState } from './state-lock.ts';

/** A cloud that somebody else runs. */
export interface Elsewhere {
  readonly urls: Partial<ProviderUrls>;
  readonly credentials: LegrandCloud['credentials'];
}

export interface LatchkeyOptions {
  /** Folder for all state: the local cloud's and the simulator's. */
  readonly statePath: string;
  /** Of the API; the simulated clouds take the ones after it. 0: free ones. */
  readonly port: number;
  /** Forgets what the folder holds. */
  readonly fresh?: boolean;
  /** Whether schedules run by themselves; default true. */
  readonly schedules?: boolean;
  /** Another Legrand cloud than the simulated one, the real one say, and what it gave your application. */
  readonly elsewhere?: Elsewhere;
  /** Settings that replace those of the stage `local`, one by one. */
  readonly settings?: StageSettings;
  /** Folder with one `<function>.ts` each; default `functions`. */
  readonly functionsFolder?: string;
  /** Told of each step as it begins; calls back when it has ended. */
  readonly progress?: (step: string) => () => void;
  /** Told of what goes wrong in the background, one line at a time. */
  readonly log?: (line: string) => void;
}

export interface Latchkey {
  /** Where the API is, without a trailing slash. */
  readonly api: string;
  /** A workspace access token: allowed everything. */
  readonly token: string;
  /** Where the simulated clouds are, without trailing slashes. */
  readonly providers: { readonly legrand: string };
  readonly cloud: LocalCloud;
  readonly legrand: LegrandCloud;
  /** The current text of a secret; undefined where there is none. */
  readonly readSecret: LocalCloud['readSecret'];
  /** Lets running functions finish, for nine seconds unless told otherwise, then stops everything. */
  close(graceMs?: number): Promise<void>;
}

const STAGE = 'local';
const AppSecret = z.looseObject({ rootKey: z.string() });
const WorkspaceTokenSecret = z.looseObject({ token: z.string() });

/** What esbuild throws. */
const BuildMessage = z.looseObject({
  text: z.string(),
  location: z.looseObject({ file: z.string(), line: z.number() }).nullish(),
});
const BuildFailure = z.looseObject({ errors: z.tuple([BuildMessage], BuildMessage) });

/** @throws {LatchkeyError} config_invalid – a port, the folder or a setting cannot be used; the message is for people */
export async function startLatchkey(options: LatchkeyOptions): Promise<Latchkey> {
  const closing = createClosing();
  try {
    const started = await start(options, closing);
    return { ...started, close: (graceMs = GRACE_MS) => closing.close(graceMs) };
  } catch (error) {
    await closing.close(0);
    throw error;
  }
}

async function start(options: LatchkeyOptions, closing: Closing): Promise<Omit<Latchkey, 'close'>> {
  const { statePath, port, log, schedules = true } = options;
  const lock = await lockState(statePath);
  closing.add(lock.release);
  if (options.fresh) lock.forget();
  // Known to be free before the long work begins, not after it.
  await assertFree(port);

  const legrand = await step(options, 'simulated Legrand cloud', () => startLegrand(port, statePath));
  closing.add(legrand.close);
  const assemblyDir = await step(options, 'bundles and templates', () => synthesizeTo(options, legrand));
  const cloud = await step(options, 'table, secrets, functions, API', () =>
    startLocalCloud({ assemblyDir, statePath: join(statePath, 'cloud'), apiPort: port, schedules, log }),
  );
  closing.add(cloud.close);

  legrand.setReplyUrls([`${cloud.apiUrl}/oauth/legrand/callback`]);
  await handOver(cloud, options.elsewhere?.credentials ?? legrand.credentials);
  const { token } = WorkspaceTokenSecret.parse(readJson(cloud, `latchkey/${STAGE}/workspace-token`));
  return {
    api: cloud.apiUrl,
    token: `lk_${token}`,
    providers: { legrand: legrand.url },
    cloud,
    legrand,
    readSecret: cloud.readSecret,
  };
}

async function step<T>({ progress }: LatchkeyOptions, name: string, work: () => T | Promise<T>): Promise<T> {
  const ended = progress?.(name);
  const result = await work();
  ended?.();
  return result;
}

async function assertFree(port: number): Promise<void> {
  const probe = await listen((_, response) => response.destroy(), port);
  await probe.close();
}

async function startLegrand(apiPort: number, statePath: string): Promise<LegrandCloud> {
  const port = apiPort === 0 ? 0 : apiPort + 1;
  try {
    return await createLegrandCloud({ port, statePath: join(statePath, 'legrand.json') });
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const isTaken = 'code' in cause && cause.code === 'EADDRINUSE';
    const problem = isTaken ? `port ${port} is taken` : `the simulated Legrand cloud: ${cause.message}`;
    throw new LatchkeyError('config_invalid', problem, { cause });
  }
}

/** Where what is new replaces what is old as a whole: assets of earlier synthesises would pile up. */
function synthesizeTo(options: LatchkeyOptions, legrand: LegrandCloud): string {
  const outdir = join(options.statePath, 'assembly');
  rmSync(outdir, { recursive: true, force: true });
  try {
    return synthesize({
      stage: STAGE,
      outdir,
      providerUrls: { ...legrand.env, ...options.elsewhere?.urls },
      ...(options.settings && { settings: options.settings }),
      // Bundles of other functions are kept apart from the real ones, which others may be about to load.
      ...(options.functionsFolder !== undefined && {
        functionsFolder: options.functionsFolder,
        bundles: join(options.statePath, 'bundles'),
      }),
    });
  } catch (cause) {
    throw new LatchkeyError('config_invalid', synthesisProblem(cause), { cause });
  }
}

/** One line of what the operator or the writer of a function has to correct; anything else is a fault of ours. */
function synthesisProblem(error: unknown): string {
  if (error instanceof StageError) return error.message;
  const failure = BuildFailure.safeParse(error);
  if (!failure.success) throw error;
  const [{ text, location }] = failure.data.errors;
  return `bundling failed: ${location ? `${location.file}:${location.line}: ` : ''}${text}`;
}

/** Gives Latchkey the application's credentials, as an operator would by hand. */
async function handOver(cloud: LocalCloud, credentials: LegrandCloud['credentials']): Promise<void> {
  const name = `latchkey/${STAGE}/app`;
  const held = AppSecret.parse(readJson(cloud, name));
  const wanted = JSON.stringify({ ...held, legrand: credentials });
  if (wanted !== JSON.stringify(held)) await cloud.putSecret(name, wanted);
}

function readJson(cloud: LocalCloud, secretName: string): unknown {
  return JSON.parse(cloud.readSecret(secretName) ?? 'null');
}
