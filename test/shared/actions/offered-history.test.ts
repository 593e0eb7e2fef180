import { expect, test } from 'vitest';
import { offeredHistory } from '../../../shared/actions/offered-history.ts';
import { netatmoHistory } from '../../../shared/providers/netatmo/history.ts';
import { pastOf } from '../providers/netatmo/measure-modules.ts';

const { offer } = netatmoHistory(async () => {
  throw new Error('nobody is asked');
});
const offered = (name: string) => offeredHistory({ offer }, pastOf('acc_0', name).module);

const coarser = ['30min', '1hour', '3hours', '1day', '1week', '1month'];

test('names what the cloud measured, and how finely it tells it', () => {
  expect(offered('garden')).toEqual([
    { capability: 'temperature', resolutions: ['raw', ...coarser], rawStepSeconds: 0 },
    { capability: 'humidity', resolutions: ['raw', ...coarser], rawStepSeconds: 0 },
  ]);
  expect(offered('valve')).toEqual([
    { capability: 'temperature', resolutions: ['raw', '30min', '1hour', '3hours'], rawStepSeconds: 1_800 },
    { capability: 'setpoint', resolutions: ['raw', '30min', '1hour', '3hours'], rawStepSeconds: 1_800 },
  ]);
});

test('names also what no reading tells of', () => {
  expect(offered('thermostat').map(({ capability }) => capability)).toContain('demand_time');
});

test('is empty where there is no past', () => {
  expect(offered('shutter')).toEqual([]);
});
