import { type GateCause, ProviderGate } from '../domain/provider-gate.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { toUtc, type UtcTime } from '../domain/time.ts';
import { type Expression, expression } from './expression.ts';
import type { Table } from './item.ts';
import { keys } from './keys.ts';

export interface Reservation {
  readonly window: number;
  readonly count: number;
  /** Exchanges that may begin in one window. */
  readonly limit: number;
  /** Epoch ms. */
  readonly now: number;
}

export interface ProviderGateStore {
  get(provider: ProviderName): Promise<ProviderGate | undefined>;
  /** Takes so many exchanges of a window, if they are left and the gate is open and not in doubt. */
  reserve(provider: ProviderName, reservation: Reservation): Promise<'reserved' | 'refused'>;
  /** Lets one exchange through a gate in doubt, and no other before `until`. */
  probe(gate: ProviderGate, now: number, until: UtcTime): Promise<'granted' | 'refused'>;
  /** Closes a gate that is open; of many who say so at once, one is heard. */
  close(provider: ProviderName, closing: GateClosing): Promise<'closed' | 'refused'>;
  open(provider: ProviderName): Promise<void>;
}

export interface GateClosing {
  readonly cause: GateCause;
  readonly until: UtcTime;
  readonly since: UtcTime;
  readonly strikes: number;
  /** Epoch ms. */
  readonly now: number;
}

export function createProviderGateStore(table: Table): ProviderGateStore {
  return {
    get: (provider) => table.get(keys.providerGate(provider), ProviderGate),

    async reserve(provider, { window, count, limit, now }) {
      const key = keys.providerGate(provider);
      const open = expression`(attribute_not_exists(#closedUntil) OR #closedUntil < ${toUtc(now)})
        AND (attribute_not_exists(#strikes) OR #strikes = ${0})`;
      const within = () =>
        table.update(
          key,
          expression`SET #used = #used + ${count}`,
          ProviderGate,
          both(expression`#window = ${window} AND #used <= ${limit - count}`, open),
        );
      if ((await within()) !== 'refused') return 'reserved';
      const begun = await table.update(
        key,
        expression`SET #provider = ${provider}, #window = ${window}, #used = ${count}`,
        ProviderGate,
        both(expression`(attribute_not_exists(#window) OR #window < ${window})`, open),
      );
      if (begun !== 'refused') return 'reserved';
      // Somebody else may just have begun the window.
      return (await within()) === 'refused' ? 'refused' : 'reserved';
    },

    async probe({ provider, closedUntil = '' }, now, until) {
      const granted = await table.update(
        keys.providerGate(provider),
        expression`SET #closedUntil = ${until}`,
        ProviderGate,
        expression`#closedUntil = ${closedUntil} AND #closedUntil < ${toUtc(now)}`,
      );
      return granted === 'refused' ? 'refused' : 'granted';
    },

    async close(provider, { cause, until, since, strikes, now }) {
      const closed = await table.update(
        keys.providerGate(provider),
        expression`SET #provider = ${provider}, #cause = ${cause}, #closedUntil = ${until}, #since = ${since},
          #strikes = ${strikes}`,
        ProviderGate,
        expression`attribute_not_exists(#strikes) OR #strikes < ${strikes}
          OR attribute_not_exists(#closedUntil) OR #closedUntil < ${toUtc(now)}`,
      );
      return closed === 'refused' ? 'refused' : 'closed';
    },

    async open(provider) {
      await table.update(
        keys.providerGate(provider),
        expression`SET #strikes = ${0} REMOVE #closedUntil, #cause, #since`,
        ProviderGate,
        expression`attribute_exists(#closedUntil)`,
      );
    },
  };
}

function both(one: Expression, other: Expression): Expression {
  const joint = `${one.parts.at(-1)} AND ${other.parts[0]}`;
  return {
    parts: [...one.parts.slice(0, -1), joint, ...other.parts.slice(1)],
    inserted: [...one.inserted, ...other.inserted],
  };
}
