import { toUtc } from '../../../shared/domain/time.ts';
import { describeProvider } from './describe-provider.ts';
import { openLegrand } from './legrand/legrand-bench.ts';

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 4 * QUARTER_MS;

/** The first quarter of an hour after so long. */
const quarterAfter = (epochMs: number) => toUtc(Math.ceil(epochMs / QUARTER_MS) * QUARTER_MS);

describeProvider('Legrand', {
  open: openLegrand,
  breadth: 'plant',
  wishes: [
    { name: 'a setpoint', wish: () => ({ action: 'set_setpoint', temperatureC: 20.5 }) },
    {
      name: 'a setpoint until the evening',
      wish: (now) => ({ action: 'set_setpoint', temperatureC: 7, until: quarterAfter(now + 4 * HOUR_MS) }),
    },
    {
      name: 'a setpoint for nine days',
      wish: (now) => ({ action: 'set_setpoint', temperatureC: 40, until: quarterAfter(now + 215 * HOUR_MS) }),
    },
    { name: 'manual mode', wish: () => ({ action: 'set_mode', mode: 'manual' }) },
    { name: 'a boost', wish: () => ({ action: 'set_mode', mode: 'boost', minutes: 30 }) },
    { name: 'a longer boost', wish: () => ({ action: 'set_mode', mode: 'boost', minutes: 90 }) },
    { name: 'off', wish: () => ({ action: 'set_mode', mode: 'off' }) },
    {
      name: 'off until tomorrow',
      wish: (now) => ({ action: 'set_mode', mode: 'off', until: quarterAfter(now + 12 * HOUR_MS) }),
    },
    { name: 'protection', wish: () => ({ action: 'set_mode', mode: 'protection' }) },
    { name: 'automatic mode', wish: () => ({ action: 'set_mode', mode: 'automatic' }) },
    { name: 'a program', wish: () => ({ action: 'set_mode', mode: 'automatic', program: '2' }) },
    { name: 'another program', wish: () => ({ action: 'set_mode', mode: 'automatic', program: '1' }) },
  ],
  impossible: [
    { name: 'a boost of 45 minutes', wish: () => ({ action: 'set_mode', mode: 'boost', minutes: 45 }) },
    { name: 'a boost without minutes', wish: () => ({ action: 'set_mode', mode: 'boost' }) },
    { name: 'mode away', wish: () => ({ action: 'set_mode', mode: 'away' }) },
    {
      name: 'a program it does not have',
      wish: () => ({ action: 'set_mode', mode: 'automatic', program: '12' }),
    },
    { name: 'a setpoint below its scale', wish: () => ({ action: 'set_setpoint', temperatureC: 5 }) },
    { name: 'a setpoint between its steps', wish: () => ({ action: 'set_setpoint', temperatureC: 20.25 }) },
    {
      name: 'an end off the quarters',
      wish: (now) => ({ action: 'set_mode', mode: 'off', until: toUtc(now + HOUR_MS) }),
    },
    {
      name: 'an end after ten days',
      wish: (now) => ({ action: 'set_mode', mode: 'manual', until: quarterAfter(now + 240 * HOUR_MS) }),
    },
  ],
});
