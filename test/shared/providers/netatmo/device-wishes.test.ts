import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandBench, devices, MAISON, withCommands } from './command-bench.ts';
import { type NetatmoBench, openNetatmo } from './netatmo-bench.ts';

let bench: NetatmoBench;
let commands: CommandBench;

beforeEach(async () => {
  bench = await openNetatmo();
  commands = withCommands(bench);
});
afterEach(() => bench.close());

describe('a wish for a device', () => {
  it.each([
    ['NLP', false],
    ['NLPM', true],
    ['NLL', true],
    ['NLM', true],
    ['NLPT', true],
    ['NLPO', true],
    ['NLIS#1', true],
    ['NLFN', false],
    ['NLC', false],
    ['BNIL', true],
    ['BNLD', true],
    ['BNCS', false],
    ['BNSL', true],
  ] as const)('switches %s through its gateway', async (name, on) => {
    const { plant, module } = commands.target(name);
    const { bridge } = devices[name].native;
    expect(await commands.send(name, { action: 'set_switch', on })).toEqual([
      {
        method: 'setstate',
        body: { home: { id: plant.nativeId, modules: [{ id: module.nativeId, bridge, on }] } },
      },
    ]);
    expect((await commands.status(name))?.status).toMatchObject({ on });
    expect(commands.expectsOf(name, { action: 'set_switch', on })).toEqual({ switch: on });
  });

  it.each(['NLFN', 'BNLD'] as const)('dims %s', async (name) => {
    const wish = { action: 'set_brightness', percent: 35 } as const;
    await commands.send(name, wish);
    expect((await commands.status(name))?.status).toMatchObject({ brightness: 35, on: true });
    expect(commands.expectsOf(name, wish)).toEqual({ brightness: 35 });
  });

  it.each([
    ['NLV', 0],
    ['NLLV', 40],
    ['NBR', 0],
    ['NBO', 0],
    ['NBS', 0],
    ['BNAB', 0],
    ['BNMS', 65],
  ] as const)('moves %s', async (name, percent) => {
    const wish = { action: 'set_position', percent } as const;
    await commands.send(name, wish);
    expect((await commands.status(name))?.travel).toEqual({ from: 100, to: percent });
    expect(commands.expectsOf(name, wish)).toEqual({ position: percent });
  });

  it('leaves it to the cloud what a shutter can that has told no step', async () => {
    const native = { type: 'NLLV', bridge: devices.NLLV.native.bridge };
    await commands.send('NLLV', { action: 'set_position', percent: 40 }, { native });
    expect((await commands.status('NLLV'))?.travel?.to).toBe(40);
  });

  it('stops a shutter where it is', async () => {
    await commands.send('NLLV', { action: 'set_position', percent: 0 });
    await bench.cloud.advance(6);
    await commands.send('NLLV', { action: 'stop' });
    expect((await commands.status('NLLV'))?.travel).toEqual({ from: 60, to: 60 });
    expect(commands.expectsOf('NLLV', { action: 'stop' })).toEqual({});
  });

  it('sets the speed of a fan', async () => {
    await commands.send('NLLF', { action: 'set_fan', speed: 2 });
    expect((await commands.status('NLLF'))?.status).toMatchObject({ fan_speed: 2 });
    expect(commands.expectsOf('NLLF', { action: 'set_fan', speed: 2 })).toEqual({ fan_speed: 2 });
  });

  it.each(['NACamera', 'NOC', 'NIS'] as const)('stops the watching of %s', async (name) => {
    const wish = { action: 'set_monitoring', on: false } as const;
    const [call] = await commands.send(name, wish);
    expect((await commands.status(name))?.status).toMatchObject({ monitoring: 'off' });
    expect(commands.expectsOf(name, wish)).toEqual({ monitoring: false });
    const { nativeId } = devices[name];
    const bridge = name === 'NIS' ? { bridge: devices.NIS.native.bridge } : {};
    const modules = [{ id: nativeId, ...bridge, monitoring: 'off' }];
    expect(call?.body).toEqual({ home: { id: MAISON, modules } });
  });

  it.each(['on', 'off'] as const)('sets a floodlight: %s', async (mode) => {
    const wish = { action: 'set_floodlight', mode } as const;
    await commands.send('NOC', wish);
    expect((await commands.status('NOC'))?.status).toMatchObject({ floodlight: mode });
    expect(commands.expectsOf('NOC', wish)).toEqual({ floodlight: mode });
  });
});
