import { onTestFinished } from 'vitest';
import {
  type AllthingstalkCloud,
  type AllthingstalkCloudOptions,
  createAllthingstalkCloud,
} from '../../../../../infra/local/providers/allthingstalk/cloud.ts';

/** A winter afternoon, so that nothing depends on when the test runs. */
export const START = Date.parse('2026-01-15T17:00:00Z');

/** A cloud whose clock stands still until the test moves it. */
export async function startCloud(options: AllthingstalkCloudOptions = {}): Promise<AllthingstalkCloud> {
  const cloud = await createAllthingstalkCloud({ now: () => START, ...options });
  onTestFinished(() => cloud.close());
  return cloud;
}
