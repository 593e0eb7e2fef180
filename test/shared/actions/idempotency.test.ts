/** A thousand times: some calls at once with one key, on a real table, counted by a real server. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandRequest } from '../../../shared/actions/send-command.ts';
import { type CommandBench, openCommandBench } from './command-bench.ts';

const ROUNDS = 1_000;
const ROUNDS_AT_ONCE = 4;

let bench: CommandBench;
const calls = new Map<string, number>();
const server = createServer((request, response) => {
  const path = request.url ?? '';
  calls.set(path, (calls.get(path) ?? 0) + 1);
  response.end();
});

beforeAll(async () => {
  bench = await openCommandBench();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  bench.home.pretend({
    prepare: (wish) => ({
      expects: {},
      isIdempotent: false,
      async execute(session) {
        const degrees = wish.action === 'set_setpoint' ? wish.temperatureC : 0;
        await session.send({ method: 'POST', url: `http://127.0.0.1:${port}/${degrees}` });
      },
    }),
  });
});
afterAll(async () => {
  await bench.close();
  server.close();
});

test('makes one command and one call of each', { timeout: 300_000 }, async () => {
  const ids = new Set<string>();
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round).values();
  const lane = async () => {
    for (const round of rounds) {
      const request: Partial<CommandRequest> = {
        idempotencyKey: `round-${round}`,
        wish: { action: 'set_setpoint', temperatureC: 10 + round / 100 },
      };
      const atOnce = 2 + (round % 4);
      const answers = await Promise.all(Array.from({ length: atOnce }, () => bench.send(request)));
      const [first] = answers;
      expect(new Set(answers.map(({ commandId }) => commandId)), `round ${round}`).toEqual(
        new Set([first?.commandId]),
      );
      const sent = answers.filter(({ status }) => status === 'succeeded');
      expect(sent.length, `round ${round}`).toBeGreaterThan(0);
      for (const { attempts } of sent) expect(attempts).toBe(1);
      ids.add(first?.commandId ?? '');
    }
  };
  await Promise.all(Array.from({ length: ROUNDS_AT_ONCE }, lane));
  expect(ids.size).toBe(ROUNDS);
  expect(calls.size).toBe(ROUNDS);
  expect([...calls.values()].filter((count) => count !== 1)).toEqual([]);
});
