/**
 * `npm run bench -- deployed --api <address>`: what a webhook's sender would see of a stage in your own AWS
 * account. Sends deliveries that say nothing of a home: they are kept for a month like all others, and change nothing.
 */
import type { Figure } from '../figures.ts';
import { measurementBody } from '../measurement.ts';
import { percentile } from '../percentile.ts';
import { type Answered, type Sent, send } from '../send.ts';
import { type Settings, WrongArguments } from '../wish.ts';
import { webhookUrl } from './webhook-url.ts';

/** Legrand's patience, milliseconds. */
const PATIENCE_MS = 750;
/** Requests that only the gateway answers, for the time that the way there and back takes. */
const WAY_REQUESTS = 30;

export async function bench(progress: (line: string) => void, settings: Settings): Promise<Figure[]> {
  const url = webhookUrl(settings, process.env.LATCHKEY_APP_SECRET);
  const [burst, warm] = [readCount(settings, 'burst', 10), readCount(settings, 'warm', 200)];
  // No route of the API: the gateway itself says so, and no function is asked.
  const nowhere = new URL('/no-such-route', url).href;
  const ask: Sent = { method: 'GET', body: Buffer.alloc(0), headers: {} };
  const post = () => send(url, { body: measurementBody(), headers: { 'content-type': 'application/json' } });

  progress(`opening ${burst} connections`);
  await atOnce(burst, () => send(nowhere, ask));
  progress(`a burst of ${burst}: cold as far as the function has no idle instances`);
  const first = await atOnce(burst, post);
  progress(`${warm} requests, one after the other`);
  const later = await inTurn(warm, post);
  progress(`${WAY_REQUESTS} requests that only the gateway answers`);
  const way = await inTurn(WAY_REQUESTS, () => send(nowhere, ask));
  return figuresOf(first, later, way);
}

function figuresOf(
  burst: readonly Answered[],
  warm: readonly Answered[],
  way: readonly Answered[],
): Figure[] {
  const ms = (name: string, answers: readonly Answered[], percent: number): Figure => ({
    name,
    value: percentile(
      answers.map(({ tookMs }) => tookMs),
      percent,
    ),
    unit: 'ms',
  });
  const all = [...burst, ...warm];
  const least = ms('the way to the gateway and back, p50', way, 50);
  const usual = ms('warm, p50', warm, 50);
  return [
    least,
    ms('burst, p50', burst, 50),
    { ...ms('burst, slowest', burst, 100), goal: { atMost: PATIENCE_MS } },
    usual,
    { name: 'warm, p50 without the way', value: Math.max(0, usual.value - least.value), unit: 'ms' },
    ms('warm, p99', warm, 99),
    { ...ms('warm, slowest', warm, 100), goal: { atMost: PATIENCE_MS } },
    {
      name: 'answered with anything but 200',
      value: all.filter(({ status }) => status !== 200).length,
      unit: 'times',
      goal: { atMost: 0 },
    },
  ];
}

function atOnce(count: number, request: () => Promise<Answered>): Promise<Answered[]> {
  return Promise.all(Array.from({ length: count }, request));
}

async function inTurn(count: number, request: () => Promise<Answered>): Promise<Answered[]> {
  const answers: Answered[] = [];
  while (answers.length < count) answers.push(await request());
  return answers;
}

function readCount(settings: Settings, name: 'burst' | 'warm', usual: number): number {
  const text = settings[name] ?? String(usual);
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (count > 0) return count;
  throw new WrongArguments(`--${name} is not a number of requests, 1 to 99999`);
}
