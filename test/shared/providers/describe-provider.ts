/** The contract that every provider keeps, registered against a driver and its simulated cloud. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Module, ModuleDescription } from '../../../shared/domain/module.ts';
import { Ambient } from '../../../shared/domain/plant.ts';
import { type CapabilityName, declarationOf } from '../../../shared/domain/reading.ts';
import { TimeZone, UtcTime } from '../../../shared/domain/time.ts';
import type { Report } from '../../../shared/providers/provider.ts';
import { describeRefusals } from './describe-refusals.ts';
import { describeWebhook } from './describe-webhook.ts';
import { readHome, toldOf } from './linked-home.ts';
import { type ProviderBench, type ProviderSetup, targetOf } from './provider-setup.ts';

const DiscoveredModule = ModuleDescription.omit({ moduleId: true, accountId: true, plantId: true });

export function describeProvider(name: string, setup: ProviderSetup): void {
  describe(`${name} as a provider`, () => {
    let bench: ProviderBench;
    const current = () => bench;

    beforeAll(async () => {
      bench = await setup.open();
    });
    afterEach(() => bench.restore());
    afterAll(() => bench.close());

    describeHome(current, setup);
    describeCommands(current, setup);
    describeRefusals(current, setup);
    describeWebhook(current, setup);
  });
}

function describeHome(bench: () => ProviderBench, setup: ProviderSetup): void {
  const { odd } = setup;

  it('discovers plants with modules, described in our words only', async () => {
    const { provider, session, account, now } = bench();
    const plants = await provider.plants(session, account, now());
    expect(plants.length).toBeGreaterThan(0);
    for (const plant of plants) {
      expect(plant.nativeId).not.toBe('');
      expect(plant.name).not.toBe('');
      TimeZone.parse(plant.timeZone);
      Ambient.array().parse(plant.ambients);
      for (const module of plant.modules)
        expect(DiscoveredModule.parse(module)).toEqual({ profiles: {}, withheld: [], native: {}, ...module });
    }
    const ids = plants.flatMap(({ modules }) => modules.map(({ nativeId }) => nativeId));
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('discovers the same again', async () => {
    const { provider, session, account, now } = bench();
    const first = await provider.plants(session, account, now());
    expect(await provider.plants(session, account, now())).toEqual(first);
  });

  it('reads the state of every module, with values of the declared types', async () => {
    const { provider, session, now } = bench();
    const { plant, modules } = await readHome(bench());
    const reports = await Array.fromAsync(provider.state(session, [{ plant, modules }]));
    const loud = modules.filter((module) => !odd?.silent(module));
    const told = new Set(reports.map(({ moduleNativeId }) => moduleNativeId));
    const standings = standingsOf(reports, setup);
    expect(standings.map(({ moduleNativeId }) => moduleNativeId).toSorted()).toEqual([...told].toSorted());
    expect(loud.filter(({ nativeId }) => !told.has(nativeId))).toEqual([]);
    for (const report of reports) {
      const { plantNativeId, moduleNativeId, reachable } = report;
      const module = modules.find(({ nativeId }) => nativeId === moduleNativeId);
      expect(plantNativeId).toBe(plant.nativeId);
      if (!module || odd?.silent(module)) continue;
      if (standings.includes(report))
        expect([module.name, reachable === false]).toEqual([module.name, odd?.lost(module) ?? false]);
      if (setup.reportsByTime && reachable !== undefined)
        expect(report).toEqual({ plantNativeId, moduleNativeId, values: {}, reachable });
      else if (reachable !== false) expectReadings(report, module, now());
    }
    const said = reports.map(({ moduleNativeId, observedAt, reachable }) =>
      JSON.stringify([moduleNativeId, observedAt, reachable]),
    );
    expect(new Set(said).size).toBe(said.length);
  });

  function expectReadings({ observedAt, values }: Report, { name, profiles }: Module, now: number): void {
    const ageMs = now - Date.parse(UtcTime.parse(observedAt));
    expect(Math.abs(ageMs)).toBeLessThan((odd?.ageSeconds ?? 60) * 1000);
    expect([name, Object.keys(values).length > 0]).toEqual([name, true]);
    for (const [capability, value] of Object.entries(values)) {
      if (value !== null)
        expect(typeOf(value)).toBe(declarationOf(capability as CapabilityName, profiles)?.type);
    }
  }

  it('reports only capabilities that the module was discovered with', async () => {
    const { modules } = await readHome(bench());
    for (const { capabilities: declared, readings } of modules) {
      expect(declared).toEqual(expect.arrayContaining(Object.keys(readings)));
    }
  });

  it('does not take modules that are offline for a failure', async () => {
    const { provider, session, misbehave } = bench();
    const { plant, modules } = await readHome(bench());
    await misbehave('modules_offline');
    const reports = await Array.fromAsync(provider.state(session, [{ plant, modules }]));
    const dependent = modules.filter((module) => !odd?.independent(module));
    const standings = standingsOf(reports, setup);
    const of = ({ nativeId }: Module) =>
      standings.filter(({ moduleNativeId }) => moduleNativeId === nativeId);
    const found = dependent.filter((module) => of(module).some(({ reachable }) => reachable !== false));
    expect(found.map(({ name }) => name)).toEqual([]);
    expect(dependent.length).toBeGreaterThan(0);
    if (!setup.reportsByTime) return;
    // Its values are told all the same: without a word of its own it would count as reachable.
    const untold = dependent.filter((module) => !odd?.silent(module) && of(module).length === 0);
    expect(untold.map(({ name }) => name)).toEqual([]);
  });
}

function describeCommands(bench: () => ProviderBench, { wishes, impossible }: ProviderSetup): void {
  it('has a wish here for every action that its modules claim', async () => {
    const { modules } = await readHome(bench());
    const tried = wishes.map(({ wish }) => wish(bench().now()).action);
    for (const { actions } of modules) expect(tried).toEqual(expect.arrayContaining(actions));
  });

  it.each(wishes)('carries out $name, and then shows what was to be expected', async (named) => {
    const { provider, session, now, settle } = bench();
    const { plant, modules } = await readHome(bench());
    const module = targetOf(named, modules);
    const prepared = provider.prepare(named.wish(now()), { plant, module }, now());
    expect(Object.keys(prepared.expects).length > 0).toBe(named.unseen !== true);
    await prepared.execute(session);
    await settle();
    const reports = await Array.fromAsync(provider.state(session, [{ plant, modules: [module] }]));
    expect(reports.length).toBeGreaterThan(0);
    expect(toldOf(reports, module.nativeId).values).toMatchObject(prepared.expects);
  });

  it.each(impossible)('refuses $name before anything is sent', async (named) => {
    const { provider, session, now } = bench();
    const { plant, modules } = await readHome(bench());
    const module = targetOf(named, modules);
    const sent = session.sent();
    expect(() => provider.prepare(named.wish(now()), { plant, module }, now())).toThrowError(
      expect.objectContaining({ code: expect.stringMatching(/^(request_invalid|command_unsupported)$/) }),
    );
    expect(session.sent()).toBe(sent);
  });

  it('refuses an action that the module does not claim', async () => {
    const { provider, now } = bench();
    const { plant, modules } = await readHome(bench());
    for (const named of wishes) {
      const target = { plant, module: { ...targetOf(named, modules), actions: [] } };
      expect(() => provider.prepare(named.wish(now()), target, now())).toThrowError(
        expect.objectContaining({ code: 'command_unsupported' }),
      );
    }
  });

  it('sends nothing until a command is executed', async () => {
    const { provider, session, now } = bench();
    const { plant, modules } = await readHome(bench());
    const sent = session.sent();
    for (const named of wishes)
      provider.prepare(named.wish(now()), { plant, module: targetOf(named, modules) }, now());
    expect(session.sent()).toBe(sent);
  });
}

/** The reports that tell whether a module can be reached. */
function standingsOf(reports: readonly Report[], { reportsByTime }: ProviderSetup): Report[] {
  return reports.filter(({ reachable }) => !reportsByTime || reachable !== undefined);
}

/** As declarations name types. */
function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}
