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
import { displayNames, type ProviderName } from '../../shared/domain/provider-name.ts';
import { StageError, type StageSettings } from '../stage.ts';
import { synthesize } from '../synthesize.ts';
import { type Closing, createClosing } from './closing.ts';
import { GRACE_MS, type LocalCloud, startLocalCloud } from './cloud.ts';
import type { Elsewhere } from './elsewhere.ts';
import { listen } from './http-server.ts';
import type { ConnectedCloud, ProviderCloud } from './providers/provider-cloud.ts';
import { startSimulator } from './simulators.ts';
import { lockState } from './state-lock.ts';

export interface LatchkeyOptions {
  /** Folder for all state: the local cloud's and the simulators'. */
  readonly statePath: string;
  /** Of the API; the simulated clouds take the ones after it. 0: free ones. */
  readonly port: number;
  /** Forgets what the folder holds. */
  readonly fresh?: boolean;
  /** Whether schedules run by themselves; default true. */
  readonly schedules?: boolean;
  /** Other clouds than the simulated ones, the real ones say, and what they gave your application. */
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
  /** Where the providers' clouds are, without trailing slashes: an owner's browser goes there. */
  readonly providers: Readonly<Record<ProviderName, string>>;
  readonly cloud: LocalCloud;
  readonly clouds: ProviderClouds;
  /** The current text of a secret; undefined where there is none. */
  readonly readSecret: LocalCloud['readSecret'];
  /** Lets running functions finish, for nine seconds unless told otherwise, then stops everything. */
  close(graceMs?: number): Promise<void>;
}

/** Each provider's cloud: simulated, unless there is another elsewhere. */
export type ProviderClouds = Readonly<Record<ProviderName, ProviderCloud | ConnectedCloud>>;

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

  const clouds = {
    legrand: await connect('legrand', options, closing),
    netatmo: await connect('netatmo', options, closing),
    allthingstalk: await connect('allthingstalk', options, closing),
  };
  const assemblyDir = await step(options, 'bundles and templates', () => synthesizeTo(options, clouds));
  const cloud = await step(options, 'table, secrets, functions, API', () =>
    startLocalCloud({ assemblyDir, statePath: join(statePath, 'cloud'), apiPort: port, schedules, log }),
  );
  closing.add(cloud.close);

  for (const simulated of Object.values(clouds).filter(isSimulated))
    simulated.setReplyUrls([`${cloud.apiUrl}/oauth/${simulated.name}/callback`]);
  await handOver(cloud, clouds);
  const { token } = WorkspaceTokenSecret.parse(readJson(cloud, `latchkey/${STAGE}/workspace-token`));
  return {
    api: cloud.apiUrl,
    token: `lk_${token}`,
    providers: ofEach(clouds, ({ url }) => url),
    cloud,
    clouds,
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

async function connect(name: ProviderName, options: LatchkeyOptions, closing: Closing) {
  const other = options.elsewhere?.[name];
  if (other) return other;
  const { port: apiPort, statePath } = options;
  const start = () => startSimulator(name, { apiPort, statePath });
  const simulated = await step(options, `simulated ${displayNames[name]} cloud`, start);
  closing.add(simulated.close);
  return simulated;
}

function isSimulated(cloud: ProviderCloud | ConnectedCloud): cloud is ProviderCloud {
  return 'setReplyUrls' in cloud;
}

function ofEach<T>(clouds: ProviderClouds, read: (cloud: ConnectedCloud) => T): Record<ProviderName, T> {
  const { legrand, netatmo, allthingstalk } = clouds;
  return { legrand: read(legrand), netatmo: read(netatmo), allthingstalk: read(allthingstalk) };
}

/** Where what is new replaces what is old as a whole: assets of earlier synthesises would pile up. */
function synthesizeTo(options: LatchkeyOptions, clouds: ProviderClouds): string {
  const outdir = join(options.statePath, 'assembly');
  rmSync(outdir, { recursive: true, force: true });
  try {
    return synthesize({
      stage: STAGE,
      outdir,
      providerUrls: Object.fromEntries(Object.values(clouds).flatMap(({ env }) => Object.entries(env))),
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

/** Gives Latchkey the application's credentials at each provider, as an operator would by hand. */
async function handOver(cloud: LocalCloud, clouds: ProviderClouds): Promise<void> {
  const name = `latchkey/${STAGE}/app`;
  const held = AppSecret.parse(readJson(cloud, name));
  const wanted = JSON.stringify({ ...held, ...ofEach(clouds, ({ credentials }) => credentials) });
  if (wanted !== JSON.stringify(held)) await cloud.putSecret(name, wanted);
}

function readJson(cloud: LocalCloud, secretName: string): unknown {
  return JSON.parse(cloud.readSecret(secretName) ?? 'null');
}
