/** A state of a model run: the world, where each worker is, and what may still go wrong. Pure. */
import type { Moment } from './biography.ts';
import type { Call } from './call.ts';
import { type Cloud, textOf } from './cloud.ts';
import type { Role } from './roles.ts';
import { presentedBy } from './token-endpoint.ts';

export interface Worker {
  /** Begins the owner of its leases. */
  readonly name: string;
  readonly role: Role;
  readonly phase: 'unstarted' | 'running' | 'done' | 'dead';
  /** Where it waits, while it runs. */
  readonly moment?: Moment;
  /** What it came to, once it is done. */
  readonly outcome?: string;
  /** The refresh token that it has spent for an answer which it has not written anywhere yet. */
  readonly unkept?: string | undefined;
}

/** A committed answer that nobody will ever have. */
export interface Burnt {
  readonly at: 'answer in flight' | 'answer in memory';
  readonly spent: string;
}

export interface State {
  readonly cloud: Cloud;
  readonly workers: readonly Worker[];
  readonly crashesLeft: number;
  readonly faultsLeft: number;
  /** Whether Secrets Manager takes no writes any more. */
  readonly isSecretsDown: boolean;
  /** Whether time has passed since a worker began; more of it changes nothing. */
  readonly isRested: boolean;
  readonly burnt?: Burnt;
}

/** Equal for states from which the same can happen: what dead and finished workers have seen matters to nobody. */
export function keyOf(state: State, cloudKey: string): string {
  const { workers, crashesLeft, faultsLeft, isSecretsDown, isRested, burnt } = state;
  const places = workers.map(
    ({ phase, moment, outcome, unkept = '' }) => `${moment?.id ?? outcome ?? phase}+${unkept}`,
  );
  const mishaps = [crashesLeft, faultsLeft, isSecretsDown, burnt?.at, burnt?.spent];
  return [cloudKey, ...places, ...mishaps, isRested].join('|');
}

/** Gives every different value of a cloud a short name. */
export function createCloudNames(): (cloud: Cloud) => string {
  const names = new Map<string, string>();
  const ofObjects = new WeakMap<Cloud, string>();
  return (cloud) => {
    const known = ofObjects.get(cloud);
    if (known !== undefined) return known;
    const text = textOf(cloud);
    const name = names.get(text) ?? String(names.size);
    names.set(text, name);
    ofObjects.set(cloud, name);
    return name;
  };
}

export function isRunning(worker: Worker): worker is Worker & { readonly moment: Moment } {
  return worker.phase === 'running';
}

/** The refresh token that a call is about to spend. */
export function exchangedBy(call: Call): string | undefined {
  return call.to === 'provider' ? presentedBy(call.request) : undefined;
}
