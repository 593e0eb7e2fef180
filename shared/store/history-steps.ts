import * as z from 'zod';
import {
  blockOfStep,
  type Step,
  type StepBlock,
  type StepBlockAddress,
  stepLevels,
} from '../domain/history-steps.ts';
import { expiryOf, type Retention } from '../domain/retention.ts';
import { toUtc } from '../domain/time.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { keys, readingPartition, stepsOf } from './keys.ts';

/** Readings condensed; they go with their module. */
export interface HistoryStepStore {
  get(address: StepBlockAddress): Promise<StepBlock | undefined>;
  /** Unless somebody has put one since that of `block.version - 1` was read. */
  put(block: StepBlock): Promise<'written' | 'refused'>;
  /** Those that begin within, oldest first; both ends included, epoch milliseconds. */
  range(
    wish: Omit<StepBlockAddress, 'fromEpochMs'> & { fromEpochMs: number; toEpochMs: number },
  ): AsyncGenerator<Step>;
}

/** A step takes half the space without the names of its members. */
const KeptStep = z
  .tuple([z.int(), z.number(), z.number(), z.number(), z.int()])
  .transform(([startEpochMs, min, max, mean, count]): Step => ({ startEpochMs, min, max, mean, count }));
const KeptBlock = z.object({ steps: z.array(KeptStep), inputDays: z.int(), version: z.int() });

export function createHistoryStepStore(table: Table, retention: Retention): HistoryStepStore {
  const keyOf = ({ moduleId, capability, resolution, fromEpochMs }: StepBlockAddress) =>
    keys.stepBlock(moduleId, capability, resolution, toUtc(fromEpochMs));

  return {
    async get(address) {
      const kept = await table.get(keyOf(address), KeptBlock);
      return kept && { ...address, ...kept };
    },

    put(block) {
      const { resolution, fromEpochMs, steps, inputDays, version } = block;
      const endEpochMs = fromEpochMs + stepLevels[resolution].blockMs;
      const item = {
        steps: steps.map(({ startEpochMs, min, max, mean, count }) => [startEpochMs, min, max, mean, count]),
        inputDays,
        version,
        expiresAtEpoch: expiryOf(endEpochMs, retention[resolution]),
      };
      const isAsRead =
        version === 1 ? expression`attribute_not_exists(#pk)` : expression`#version = ${version - 1}`;
      return table.put(keyOf(block), item, isAsRead);
    },

    async *range({ moduleId, capability, resolution, fromEpochMs, toEpochMs }) {
      const prefix = stepsOf(capability, resolution);
      const first = prefix + toUtc(blockOfStep(resolution, fromEpochMs));
      const last = prefix + toUtc(toEpochMs);
      const blocks = table.queryAll(
        expression`#pk = ${readingPartition(moduleId)} AND #sk BETWEEN ${first} AND ${last}`,
        KeptBlock,
      );
      for await (const { steps } of blocks)
        for (const step of steps)
          if (step.startEpochMs >= fromEpochMs && step.startEpochMs <= toEpochMs) yield step;
    },
  };
}
