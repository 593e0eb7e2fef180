import { onTestFinished } from 'vitest';
import {
  createNetatmoCloud,
  type NetatmoCloud,
  type NetatmoCloudOptions,
} from '../../../../../infra/local/providers/netatmo/cloud.ts';
import { REPLY_URL } from './netatmo-client.ts';

/** A winter afternoon in Paris, so that nothing depends on when the test runs. */
export const START = Date.parse('2026-01-15T17:00:00Z');

/** A cloud whose clock stands still until the test moves it. */
export async function startCloud(options: NetatmoCloudOptions = {}): Promise<NetatmoCloud> {
  const cloud = await createNetatmoCloud({ replyUrls: [REPLY_URL], now: () => START, ...options });
  onTestFinished(() => cloud.close());
  return cloud;
}
