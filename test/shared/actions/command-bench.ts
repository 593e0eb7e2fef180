/** A linked home whose thermostats are told things, with a clock that pauses move. */

import type { CommandDependencies } from '../../../shared/actions/command-dependencies.ts';
import { continueCommands } from '../../../shared/actions/continue-commands.ts';
import { type CommandRequest, sendCommand } from '../../../shared/actions/send-command.ts';
import { fullSight, type Seeing } from '../../../shared/actions/sight.ts';
import type { Command } from '../../../shared/domain/command.ts';
import type { Event } from '../../../shared/domain/event.ts';
import type { Module } from '../../../shared/domain/module.ts';
import { openWebhookBench, type WebhookBench } from './webhook-bench.ts';

export interface CommandBench {
  readonly home: WebhookBench;
  readonly deps: CommandDependencies & Seeing & Pick<WebhookBench['deps'], 'log'>;
  readonly modules: readonly Module[];
  readonly module: Module;
  /** Sets the first thermostat to 21 degrees, with a client that waits for 25 seconds, unless told otherwise. */
  send(changes?: Partial<CommandRequest>): Promise<Command>;
  /** A run of the schedule, so many seconds on. */
  carryOn(seconds: number): Promise<Record<string, number>>;
  shown({ commandId }: Command): Promise<Command | undefined>;
  /** The statuses of the commands that the cloud saw. */
  seen(): Promise<unknown[]>;
  finished(command: Command): Promise<Event['data'][]>;
  close(): Promise<void>;
}

export async function openCommandBench(): Promise<CommandBench> {
  const home = await openWebhookBench();
  const { bench, clock, controls } = home;
  const deps = {
    ...home.deps,
    sight: fullSight(home.bench.store),
    sleep: async (ms: number) => {
      clock.now += ms;
    },
  };
  const modules = await bench.store.modules.ofAccount(home.accountId);
  const [module] = modules;
  if (!module) throw new Error('the home has no thermostat');
  const request = {
    moduleId: module.moduleId,
    wish: { action: 'set_setpoint', temperatureC: 21 },
    tokenId: 'workspace',
    patienceSeconds: 25,
  } as const;
  return {
    home,
    deps,
    modules,
    module,
    send: (changes) => sendCommand(deps, { ...request, ...changes }),
    async carryOn(seconds) {
      clock.now += seconds * 1000;
      return await continueCommands(deps);
    },
    shown: ({ commandId }) => bench.store.commands.get(commandId),
    seen: async () =>
      (await controls.requests())
        .filter(({ operation }) => operation === 'set_status')
        .map(({ status }) => status),
    finished: async ({ commandId }) =>
      (await bench.project())
        .filter(({ type, subject }) => type === 'latchkey.command.finished' && subject === commandId)
        .map(({ data }) => data),
    close: () => home.close(),
  };
}
