/** The short form of `npm run bench -- junk`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitEvent, firstModule, isChange } from '../../end-to-end/home.ts';
import { notification, post } from '../../end-to-end/notification.ts';
import { type LocalLatchkey, openLatchkey } from '../local-latchkey.ts';
import { corpus } from './corpus.ts';
import { runJunk } from './junk-run.ts';

const RUNS = 400;
/** The same requests every time; the bench makes up new ones. */
const SEED = 20260115;

let latchkey: LocalLatchkey;
beforeAll(async () => {
  latchkey = await openLatchkey();
});
afterAll(() => latchkey.close());

test('junk is taken, kept as it came, and changes nothing; what makes sense is read as ever', async () => {
  const outcome = await runJunk(latchkey, { runs: RUNS, seed: SEED });
  expect(outcome.wrong).toBeUndefined();
  expect(outcome).toMatchObject({
    requests: RUNS + Object.keys(corpus).length,
    lost: 0,
    changed: 0,
    crashes: 0,
  });

  const { hook, home } = latchkey;
  expect(await post(hook, [notification(home, { temperatureC: 23.4 })])).toMatchObject({ status: 200 });
  await awaitEvent(latchkey, home.accountId, isChange(firstModule(home).moduleId, 'temperature', 23.4));
}, 240_000);
