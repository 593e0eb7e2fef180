/** A home of so many modules at the simulated Netatmo: what it answered, to be answered again without delay. */
import type { PlantModules, Session } from '../../../shared/providers/provider.ts';
import type { ProviderAnswer } from '../../../shared/providers/request.ts';
import { openNetatmo } from '../../shared/providers/netatmo/netatmo-bench.ts';
import { control, keep } from '../../shared/providers/netatmo/netatmo-homes.ts';

export interface Recorded {
  readonly plants: readonly PlantModules[];
  /** Discovers everything; resolves with how many modules there are. */
  discover(): Promise<number>;
  /** Asks for the state of everything; resolves with how many modules reported. */
  poll(): Promise<number>;
  /** What Netatmo answered to each. */
  readonly bodies: { readonly discover: readonly string[]; readonly poll: readonly string[] };
}

export async function recordHome(modules: number): Promise<Recorded> {
  const { cloud, close } = await openNetatmo({ person: 'dora' });
  try {
    await control(cloud, '/users', { email: 'many@example.net', name: 'Many', homes: 1, modules });
    const { provider, session, account, now } = await openNetatmo({ person: 'many', cloud });
    const discovering = record(session);
    const found = await provider.plants(discovering.session, account, now());
    const plants = keep({ account, now }, found);
    const polling = record(session);
    await Array.fromAsync(provider.state(polling.session, plants));
    return {
      plants,
      bodies: { discover: discovering.bodies(), poll: polling.bodies() },
      async discover() {
        const again = await provider.plants(discovering.replay, account, now());
        return again.flatMap((plant) => plant.modules).length;
      },
      poll: async () => (await Array.fromAsync(provider.state(polling.replay, plants))).length,
    };
  } finally {
    await close();
  }
}

function record({ accountId, send }: Session) {
  const answers = new Map<string, ProviderAnswer>();
  const session: Session = {
    accountId,
    async send(request) {
      const answer = await send(request);
      answers.set(request.url, answer);
      return answer;
    },
  };
  const replay: Session = {
    accountId,
    async send({ url }) {
      const answer = answers.get(url);
      if (answer === undefined) throw new RangeError(`${url} was not asked for while recording`);
      return answer;
    },
  };
  return { session, replay, bodies: () => [...answers.values()].map(({ body }) => body) };
}
