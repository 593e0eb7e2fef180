import { Problem } from '../../../../shared/domain/problem.ts';
import { expect, present, type Step, until } from '../step.ts';
import type { Scene } from './scene.ts';

/** Netatmo refuses a call, names no time, and is left alone for a moment all the same. */
export function quotaStep({ client, netatmo, trail }: Scene): Step {
  return {
    name: 'keep to the quota',
    async run() {
      const plug = present(
        (await client.modules(trail.accountId)).find(({ device }) => device === 'plug'),
        'a plug',
      );
      const ask = () => client.call('GET', `/v1/modules/${plug.id}?maxAge=0`);
      await netatmo.fault({ name: 'concurrency_limit', on: 'homestatus', times: 1 });
      const refusal = await ask();
      expect(refusal.status === 429, `Netatmo's refusal became ${refusal.status}`);
      const { provider } = Problem.parse(await refusal.json());
      const asked = await netatmo.countRequests();
      const second = await ask();
      expect(second.status === 429, `Latchkey answered ${second.status} before its pause was over`);
      expect((await netatmo.countRequests()) === asked, 'Netatmo was asked all the same');
      await until(ask, ({ status }) => status === 200);
      const { windows } = (await client.account(trail.accountId)).quota;
      const left = windows.map(({ name, remaining, calls }) => `${name} ${remaining} of ${calls}`);
      return `«${provider?.message}»: not asked again at once; calls left: ${left.join(', ')}`;
    },
  };
}
