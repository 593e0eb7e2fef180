import type { Biography } from './biography.ts';
import { type Cloud, callCloud } from './cloud.ts';
import type { ProviderRules } from './token-endpoint.ts';

/** Lets a worker live from beginning to end while nobody else does anything and nothing goes wrong. */
export async function liveAlone(
  rules: ProviderRules,
  before: Cloud,
  biography: Biography,
): Promise<{ cloud: Cloud; outcome: string }> {
  let cloud = before;
  let moment = await biography.begin(cloud.nowMs);
  while (moment.outcome === undefined) {
    const [next] = moment.calls;
    if (!next) throw new Error('a worker waits for nothing');
    const [number, call] = next;
    const effect = callCloud(rules, cloud, call);
    cloud = effect.cloud;
    moment = await biography.after(moment, { call: number, answer: effect.answer, nowMs: cloud.nowMs });
  }
  return { cloud, outcome: moment.outcome };
}
