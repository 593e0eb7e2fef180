/**
 * `npm run bench -- intake`: how fast the function that takes webhooks starts and answers, beside what no function can
 * be faster than and what most would write. Everything in one run, in turns, so that a slow moment strikes all alike.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WEBHOOK_BUDGET_BYTES } from '../../../infra/bundle.ts';
import { functionNames } from '../../../infra/function-plan.ts';
import type { Figure } from '../figures.ts';
import { percentile } from '../percentile.ts';
import { coldStart } from './cold-start.ts';
import { buildContenders, type Contenders } from './contenders.ts';
import { openPlace, type Place } from './place.ts';
import { warmTimes } from './warm.ts';

const COLD_STARTS = 21;
const WARM_REQUESTS = 5_000;

export async function bench(progress: (line: string) => void): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const place = await openPlace();
  try {
    progress('bundling the functions, ours and those it is compared to');
    const contenders = buildContenders(folder);
    return [
      ...(await coldFigures(contenders, place, progress)),
      ...(await warmFigures(contenders, place, progress)),
      ...sizeFigures(contenders),
    ];
  } finally {
    await place.close();
    rmSync(folder, { recursive: true });
  }
}

async function coldFigures(
  { latchkey, empty, obvious, loop }: Contenders,
  place: Place,
  progress: (line: string) => void,
): Promise<Figure[]> {
  const times = { latchkey: [] as number[], empty: [] as number[], obvious: [] as number[] };
  // The first of each reads files that are not in the system's cache yet, and is left out.
  for (let round = 0; round <= COLD_STARTS; round += 1) {
    if (round % 7 === 0) progress(`cold starts: ${round} of ${COLD_STARTS}`);
    for (const [name, contender] of Object.entries({ empty, latchkey, obvious })) {
      const tookMs = await coldStart(contender, { loop, ...place });
      if (round > 0) times[name as keyof typeof times].push(tookMs);
    }
  }
  const [ours, least, obvious50] = [times.latchkey, times.empty, times.obvious].map((all) =>
    percentile(all, 50),
  ) as [number, number, number];
  return [
    { name: 'cold start, empty handler, median', value: least, unit: 'ms' },
    { name: 'cold start, receive-webhook, median', value: ours, unit: 'ms' },
    { name: 'cold start, the obvious way, median', value: obvious50, unit: 'ms' },
    { name: 'cold start, receive-webhook, slowest', value: Math.max(...times.latchkey), unit: 'ms' },
    { name: 'cold start against the empty handler', value: ours / least, unit: '×', goal: { atMost: 2.5 } },
    { name: 'cold start against the obvious way', value: ours / obvious50, unit: '×', goal: { atMost: 0.5 } },
  ];
}

async function warmFigures(
  { latchkey, barePut: bare, loop }: Contenders,
  place: Place,
  progress: (line: string) => void,
): Promise<Figure[]> {
  progress(`warm: ${WARM_REQUESTS} requests, and as many bare puts, in turns`);
  const [handler, barePut] = await warmTimes([latchkey, bare], { loop, ...place }, WARM_REQUESTS);
  const ratio = percentile(handler, 50) / percentile(barePut, 50);
  return [
    { name: 'warm, bare put, p50', value: percentile(barePut, 50), unit: 'ms' },
    { name: 'warm, receive-webhook, p50', value: percentile(handler, 50), unit: 'ms' },
    { name: 'warm, bare put, p99', value: percentile(barePut, 99), unit: 'ms' },
    { name: 'warm, receive-webhook, p99', value: percentile(handler, 99), unit: 'ms' },
    { name: 'warm p50 against the bare put', value: ratio, unit: '×', goal: { atMost: 1.3 } },
  ];
}

function sizeFigures({ functions, obvious }: Contenders): Figure[] {
  const sizeOf = (folder: string) => statSync(join(folder, 'index.js')).size;
  return [
    ...functionNames.map((name): Figure => {
      const figure = { name: `bundle, ${name}`, value: sizeOf(join(functions, name)), unit: 'bytes' };
      return name === 'receive-webhook' ? { ...figure, goal: { atMost: WEBHOOK_BUDGET_BYTES } } : figure;
    }),
    { name: 'bundle, the obvious way, without the SDK', value: sizeOf(obvious.folder), unit: 'bytes' },
  ];
}
