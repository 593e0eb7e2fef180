/** The model's table and secrets behind clients that answer at once. */
import { connect } from './call.ts';
import { type Cloud, callCloud } from './cloud.ts';

export function createMemoryAws() {
  let cloud: Cloud = { items: {}, secrets: {}, presented: [], nowMs: 0 };
  const { dynamodb, secretsManager } = connect(async (call) => {
    const effect = callCloud({ mode: 'strict', isFirstAccessTokenRefused: false }, cloud, call);
    cloud = effect.cloud;
    return effect.answer;
  });
  return { dynamodb, secretsManager };
}
