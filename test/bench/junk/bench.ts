/**
 * `npm run bench -- junk`: thousands of requests that make no sense, to a whole Latchkey over HTTP. Ordinary ones go
 * between them and by themselves in turns, so that what junk costs them shows.
 */
import { randomInt } from 'node:crypto';
import type { Figure } from '../figures.ts';
import { openLatchkey } from '../local-latchkey.ts';
import { measurementBody } from '../measurement.ts';
import { percentile } from '../percentile.ts';
import { send } from '../send.ts';
import { runJunk } from './junk-run.ts';
import { translateJunk } from './translate-junk.ts';

const RUNS = 20_000;
/** An ordinary request after so many of junk. */
const EVERY = 10;
/** After so many of junk as many ordinary ones by themselves as went between. */
const ROUND = 1_000;

export async function bench(progress: (line: string) => void): Promise<Figure[]> {
  const seed = randomInt(2 ** 31);
  progress(`seed ${seed}: translating ${RUNS} texts`);
  const untranslated = translateJunk({ runs: RUNS, seed });
  if (untranslated !== undefined) progress(`not translated rightly: ${untranslated}`);
  progress('starting Latchkey');
  const latchkey = await openLatchkey();
  const between: number[] = [];
  const alone: number[] = [];
  let count = 0;
  let ordinaryPutOff = 0;

  async function ordinary(): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    const { status, tookMs } = await send(latchkey.hook, { body: measurementBody(), headers });
    if (status !== 200) ordinaryPutOff += 1;
    return tookMs;
  }

  async function onAnswer(): Promise<void> {
    count += 1;
    if (count % EVERY === 0) between.push(await ordinary());
    if (count % ROUND !== 0) return;
    progress(`junk: ${count} of ${RUNS}`);
    await latchkey.inside.settle();
    for (let sent = 0; sent < ROUND / EVERY; sent += 1) alone.push(await ordinary());
  }

  try {
    const onPutOff = (what: string) => progress(`put off: ${what}`);
    const outcome = await runJunk(latchkey, { runs: RUNS, seed, onAnswer, onPutOff });
    if (outcome.wrong !== undefined) progress(`answered wrongly: ${outcome.wrong}`);
    return [
      { name: 'requests of junk', value: outcome.requests, unit: 'requests', goal: { atLeast: RUNS } },
      never('answered with anything but 200 and 413', outcome.wrong === undefined ? 0 : 1),
      never('put off with 503', outcome.putOff),
      never('acknowledged and not kept as they came', outcome.lost),
      never('accounts, plants and modules changed', outcome.changed),
      never('invocations crashed, batches given up', outcome.crashes),
      never('texts not translated rightly', untranslated === undefined ? 0 : 1),
      { name: 'junk, p50', value: percentile(outcome.tookMs, 50), unit: 'ms' },
      { name: 'junk, p99', value: percentile(outcome.tookMs, 99), unit: 'ms' },
      { name: 'ordinary put off likewise', value: ordinaryPutOff, unit: 'times' },
      { name: 'ordinary by themselves, p50', value: percentile(alone, 50), unit: 'ms' },
      { name: 'ordinary by themselves, p99', value: percentile(alone, 99), unit: 'ms' },
      { name: 'ordinary between junk, p50', value: percentile(between, 50), unit: 'ms' },
      { name: 'ordinary between junk, p99', value: percentile(between, 99), unit: 'ms' },
    ];
  } finally {
    await latchkey.close();
  }
}

function never(name: string, value: number): Figure {
  return { name, value, unit: 'times', goal: { atMost: 0 } };
}
