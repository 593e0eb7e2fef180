/** `npm run demo`, as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { netatmoActions } from '../../infra/local/demo/netatmo/wishes.ts';

const program = join(import.meta.dirname, '../../infra/local/demo.ts');
const Outcome = z.object({ step: z.string(), ok: z.boolean(), seconds: z.number(), seen: z.string() });
const TIMEOUT_MS = 180_000;

async function demo(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

async function stepsOf(...args: string[]) {
  const { code, stdout, stderr } = await demo('--json', ...args);
  const outcomes = stdout
    .trim()
    .split('\n')
    .map((line) => Outcome.parse(JSON.parse(line)));
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return outcomes.map(({ step }) => step);
}

const linking = ['start a link', /^give consent at /, 'come back to Latchkey'].map((step) =>
  expect.stringMatching(step),
);
const rotation = ['let an access token expire', 'rotate it by schedule'];

test(
  'tells the story of a thermostat at Legrand, unless told otherwise',
  async () => {
    expect(await stepsOf()).toEqual([
      'start Latchkey and a Legrand cloud',
      ...linking,
      'find plants and modules',
      'subscribe to webhooks',
      'see a change arrive in the feed',
      'send a command',
      'see its effect on the thermostat',
      'outwait somebody at the display',
      ...rotation,
      'keep to the quota',
      'unlink',
    ]);
  },
  TIMEOUT_MS,
);

test(
  'tells the story of a house with everything at Netatmo',
  async () => {
    expect(await stepsOf('--provider', 'netatmo')).toEqual([
      'start Latchkey and a Netatmo cloud',
      ...linking,
      'find a module of every kind',
      'read what every kind reports',
      'add the webhook',
      'take in a push of every kind',
      'keep junk and forgeries apart',
      'have understood every one of them',
      ...netatmoActions.map((action) => `command: ${action}`),
      'look back a day',
      'keep to the quota',
      ...rotation,
      'find the old refresh token dead',
      'unlink',
    ]);
  },
  TIMEOUT_MS,
);

test(
  'tells the story of devices of any kind at AllThingsTalk, linked in three ways',
  async () => {
    expect(await stepsOf('--provider', 'allthingstalk')).toEqual([
      'start Latchkey and an AllThingsTalk cloud',
      'start a link',
      'enter a wrong password',
      'sign in',
      'enter a wrong code',
      'enter the code that the app shows',
      'find plants and modules',
      'read values of every type',
      'link by a ground token',
      'have a device token told apart',
      'link by a device token',
      'command a device that is offline',
      ...['set_switch', 'set_brightness', 'set_setpoint', 'set_position', 'set_value'].map(
        (action) => `command: ${action}`,
      ),
      'paste address and body into a rule',
      'see what the rule says in the feed',
      'keep other words of a rule apart',
      'look back a day',
      ...rotation,
      'find the old refresh token dead',
      'delete the ground token',
      'link it again',
      'give somebody one plant alone',
      'unlink',
    ]);
  },
  TIMEOUT_MS,
);

test('answers in one line to arguments that it does not know', async () => {
  for (const [args, problem] of [
    [['--provider', 'nobody'], '--provider takes legrand or netatmo or allthingstalk, not nobody'],
    [['--colour'], "Unknown option '--colour'"],
  ] as const) {
    const { code, stdout, stderr } = await demo(...args);
    expect({ code, stdout, lines: stderr.trim().split('\n') }).toEqual({
      code: 2,
      stdout: '',
      lines: [expect.stringContaining(problem)],
    });
  }
  expect(await demo('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--provider') });
});
