/** The contract that every provider keeps, registered against a driver and its simulated cloud. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ModuleDescription } from '../../../shared/domain/module.ts';
import { Ambient } from '../../../shared/domain/plant.ts';
import { type CapabilityName, declarationOf } from '../../../shared/domain/reading.ts';
import { TimeZone, UtcTime } from '../../../shared/domain/time.ts';
import { describeRefusals } from './describe-refusals.ts';
import { describeWebhook } from './describe-webhook.ts';
import { readHome } from './linked-home.ts';
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

function describeHome(bench: () => ProviderBench, { odd }: ProviderSetup): void {
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
    expect(told.size).toBe(reports.length);
    expect(loud.filter(({ nativeId }) => !told.has(nativeId))).toEqual([]);
    for (const { plantNativeId, moduleNativeId, observedAt, values, reachable } of reports) {
      const module = modules.find(({ nativeId }) => nativeId === moduleNativeId);
      const profiles = module?.profiles ?? {};
      expect(plantNativeId).toBe(plant.nativeId);
      if (!module || odd?.silent(module)) continue;
      expect([module.name, reachable === false]).toEqual([module.name, odd?.lost(module) ?? false]);
      if (reachable === false) continue;
      const ageMs = now() - Date.parse(UtcTime.parse(observedAt));
      expect(Math.abs(ageMs)).toBeLessThan((odd?.ageSeconds ?? 60) * 1000);
      expect([module.name, Object.keys(values).length > 0]).toEqual([module.name, true]);
      for (const [capability, value] of Object.entries(values)) {
        if (value !== null)
          expect(typeof value).toBe(declarationOf(capability as CapabilityName, profiles)?.type);
      }
    }
  });

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
    const reachable = reports.filter((report) => report.reachable !== false);
    const found = dependent.filter(({ nativeId }) =>
      reachable.some((report) => report.moduleNativeId === nativeId),
    );
    expect(found.map(({ name }) => name)).toEqual([]);
    expect(dependent.length).toBeGreaterThan(0);
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
    const [report] = await Array.fromAsync(provider.state(session, [{ plant, modules: [module] }]));
    expect(report?.values).toMatchObject(prepared.expects);
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
