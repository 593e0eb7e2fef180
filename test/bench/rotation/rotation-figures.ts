/** The figures of rotation, from what was measured. Pure. */
import type { Figure } from '../figures.ts';
import { quantile } from './moments.ts';
import type { RotationsMeasured } from './rotations.ts';
import { type VaultMode, vaultModes } from './vault-modes.ts';

const secretReads = ['GetSecretValue', 'DescribeSecret', 'ListSecretVersionIds'];
const secretWrites = ['PutSecretValue', 'CreateSecret', 'UpdateSecret'];
const itemReads = ['GetItem', 'BatchGetItem', 'Scan'];
const itemWrites = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];
const shared = (action: string) => `${action} (shared)`;

/**
 * Counted at the wire. What a run does once for many accounts (finding those that are due, and what is shared by all
 * of a provider's) is told apart, as its part in each rotation.
 */
export function callFigures(vault: VaultMode, { calls, rotations }: RotationsMeasured): Figure[] {
  const each = (...actions: string[]) =>
    actions.reduce((sum, action) => sum + (calls[action] ?? 0), 0) / rotations;
  const amortised = (name: string, value: number): Figure => ({
    name: `${vault}: ${name} per rotation, amortised`,
    value,
    unit: 'calls',
  });
  const { goals } = vaultModes[vault];
  const perRotation = (name: string, value: number, atMost: number): Figure => ({
    name: `${vault}: ${name} per rotation`,
    value,
    unit: 'calls',
    goal: { atMost },
  });
  return [
    perRotation('secret reads', each(...secretReads), goals.secretReads),
    perRotation('secret writes', each(...secretWrites), goals.secretWrites),
    perRotation('table reads', each(...itemReads), goals.tableReads),
    perRotation('table writes', each(...itemWrites), goals.tableWrites),
    amortised('queries for what is due', each('Query')),
    amortised('reads of shared items', each(...itemReads.map(shared))),
    amortised('writes of shared items', each(...itemWrites.map(shared))),
  ];
}

export function paceFigures(vault: VaultMode, measured: RotationsMeasured): Figure[] {
  const { rotations, elapsedMs, cpuMs, mostInFlight, delays } = measured;
  const cpuEach = (name: string, totalMs: number): Figure => ({
    name: `${vault}: CPU time of ${name} per rotation`,
    value: totalMs / rotations,
    unit: 'ms',
  });
  return [
    { ...cpuEach('the rotating process', cpuMs.rotator), goal: { atMost: 5 } },
    {
      name: `${vault}: rotations per second from one process`,
      value: (rotations / elapsedMs) * 1000,
      unit: '/s',
      goal: { atLeast: 300 },
    },
    { name: `${vault}: exchanges under way at a time, at most`, value: mostInFlight, unit: 'exchanges' },
    cpuEach('the local DynamoDB', cpuMs.table),
    cpuEach('the local Secrets Manager', cpuMs.secrets),
    cpuEach('the token endpoint', cpuMs.tokens),
    ...delayFigures(`${vault}: from answer to durable secret`, delays.kept),
    ...delayFigures(`${vault}: from answer to durable pointer`, delays.committed),
  ];
}

function delayFigures(name: string, delays: readonly number[]): Figure[] {
  if (delays.length === 0) return [];
  return [0.5, 0.99].map((share) => ({
    name: `${name}, p${share * 100}`,
    value: quantile(delays, share),
    unit: 'ms',
  }));
}
