import { onTestFinished } from 'vitest';
import {
  createLegrandCloud,
  type LegrandCloud,
  type LegrandCloudOptions,
} from '../../../../../infra/local/providers/legrand/cloud.ts';
import { REPLY_URL } from './legrand-client.ts';

/** A winter afternoon in Paris, so that nothing depends on when the test runs. */
export const START = Date.parse('2026-01-15T17:00:00Z');

/** A cloud whose clock stands still until the test moves it. */
export async function startCloud(options: LegrandCloudOptions = {}): Promise<LegrandCloud> {
  const cloud = await createLegrandCloud({ replyUrls: [REPLY_URL], now: () => START, ...options });
  onTestFinished(() => cloud.close());
  return cloud;
}
