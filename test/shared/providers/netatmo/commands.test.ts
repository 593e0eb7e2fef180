import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALEX, type CommandBench, devices, NOBODY_NAMED, withCommands } from './command-bench.ts';
import { type NetatmoBench, openNetatmo } from './netatmo-bench.ts';

let bench: NetatmoBench;
let commands: CommandBench;

beforeEach(async () => {
  bench = await openNetatmo();
  commands = withCommands(bench);
});
afterEach(() => bench.close());

describe('what the cloud answers', () => {
  it.each([
    ['NLP', { action: 'set_switch', on: true }, 'setstate 406'],
    ['NACamera', { action: 'set_monitoring', on: true }, 'setstate 200'],
  ] as const)('is success where %s is so already', async (name, wish, answer) => {
    const before = await commands.home();
    await commands.send(name, wish);
    expect(await commands.seen()).toEqual([answer]);
    expect(await commands.home()).toEqual(before);
  });

  const off = { action: 'set_switch', on: false } as const;

  it.each([
    [5, 'provider_rejected'],
    [6, 'module_unreachable'],
    [14, 'module_busy'],
    [19, 'module_unreachable'],
    [27, 'module_unreachable'],
  ] as const)(
    'is a failure of its own where the module is refused within a success: %i',
    async (partial, code) => {
      bench.cloud.faults.set({ name: 'command_refused', on: 'setstate', parameters: { code: partial } });
      await expect(commands.send('NLP', off)).rejects.toMatchObject({
        code,
        details: { provider: { status: 200, code: String(partial) } },
      });
    },
  );

  it.each(['body', 'top'] as const)('is a failure where the gateway is named, in %s', async (place) => {
    const { bridge: id } = devices.NLP.native;
    bench.cloud.faults.set({ name: 'ok_with_errors', on: 'setstate', parameters: { id, place } });
    await expect(commands.send('NLP', off)).rejects.toMatchObject({ code: 'module_unreachable' });
  });

  it('is success where the error is about another module', async () => {
    bench.cloud.faults.set({ name: 'ok_with_errors', on: 'setstate', parameters: { code: 6 } });
    await commands.send('NLP', off);
  });

  it('is the module’s own fault when it is not heard', async () => {
    await commands.control('module', { moduleId: devices.NLP.nativeId, reachable: false });
    await expect(commands.send('NLP', off)).rejects.toMatchObject({ code: 'module_unreachable' });
  });

  it('says which call of several failed, and makes none after it', async () => {
    const persons = [commands.personId(ALEX), commands.personId(NOBODY_NAMED)];
    bench.cloud.faults.set({ name: 'api_error', on: 'setpersonsaway', parameters: { code: 41 } });
    const wish = { action: 'set_presence', present: false, persons } as const;
    await expect(commands.send('home', wish)).rejects.toMatchObject({ code: 'module_unreachable' });
    expect(await commands.seen()).toHaveLength(1);
  });

  it.each([
    ['html_error', { status: 200 }, 'provider_unavailable'],
    ['html_error', { status: 503 }, 'provider_unavailable'],
    ['usage_limit', {}, 'provider_throttled'],
    ['concurrency_limit', {}, 'provider_throttled'],
    [
      'api_error',
      { code: 13, message: 'Application does not have the good scope rights' },
      'provider_rejected',
    ],
  ] as const)('fails for %s %o', async (name, parameters, code) => {
    bench.cloud.faults.set({ name, on: 'setstate', parameters });
    await expect(commands.send('NLP', off)).rejects.toMatchObject({ code });
    expect((await commands.status('NLP'))?.status).toMatchObject({ on: true });
  });

  it('is a server error where a home has got a newer thermostat since, and may be repeated', async () => {
    const native = { ...devices.OTM.native, setpointBy: 'setroomthermpoint' };
    const wish = { action: 'set_setpoint', temperatureC: 20 } as const;
    await expect(commands.send('OTM', wish, { native })).rejects.toMatchObject({
      code: 'provider_unavailable',
      details: { repeat: { effect: 'possible' } },
    });
  });

  it('may be asked for again: every wish leaves the module as once', () => {
    expect(commands.prepare('NLLV', { action: 'stop' }).isIdempotent).toBe(true);
    expect(commands.prepare('NLP', off).isIdempotent).toBe(true);
  });
});
