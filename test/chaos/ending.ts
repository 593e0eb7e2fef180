/** What became of an account, by what the stores hold and what its provider says of it. */
import type { Proof, Stored } from './orders.ts';
import type { Scene } from './scene.ts';

export interface Ending {
  readonly outcome: 'survives' | 'lost' | 'gone';
  /** Who put it right, or why it is lost. */
  readonly how: string;
  /** What must never be, whatever else the end is. */
  readonly problems: readonly string[];
}

/** At the servers, when whatever happened had happened. */
export interface Counted {
  readonly grants: number;
  readonly calls: number;
}

interface Evidence {
  readonly scene: Scene;
  /** Of the pointer before anything happened. */
  readonly generation: number;
  readonly before: Counted;
  readonly settled: Stored;
  readonly prove: () => Promise<Proof>;
}

export async function judgeEnd({ scene, generation, before, settled, prove }: Evidence): Promise<Ending> {
  const how = repairOf(scene, before);
  const isCurrent = isWhole(scene, settled) && (settled.pointer?.generation ?? 0) > generation;
  const { apiStatus, found, rotated } = await prove();
  const isUsable = apiStatus === 200 && isWhole(scene, rotated) && isLater(rotated, found);
  const problems = inFlightProblems(scene);
  if (isCurrent && isUsable) return { outcome: 'survives', how, problems };
  const { state, cause = state } = rotated.pointer?.health ?? { state: 'no pointer' };
  const told = state === 'dead' ? [] : [`lost, and its health is ${state}`];
  return { outcome: 'lost', how: cause, problems: [...problems, ...told] };
}

/** An unlinked account: nothing is left of it, and nothing comes back. */
export async function judgeUnlinked(scene: Scene, settled: Stored, exchanges: number): Promise<Ending> {
  const problems = inFlightProblems(scene);
  if (settled.pointer) problems.push('the pointer is still there');
  if (scene.secretTextOf(scene.accountId) !== undefined) problems.push('the secret is still there');
  if (scene.tokenServer.counts.exchanges > exchanges) problems.push('a token was spent after the unlink');
  return { outcome: 'gone', how: 'nothing is left', problems };
}

/** Pointer and token set agree, and they are what the provider lives by: nothing alive was thrown away. */
function isWhole({ tokenServer }: Scene, { set, agrees }: Stored): boolean {
  if (!set || !agrees) return false;
  return tokenServer.isAccessTokenGood(set.accessToken) && tokenServer.isRefreshTokenLive(set.refreshToken);
}

function isLater(rotated: Stored, found: Stored): boolean {
  return (rotated.pointer?.generation ?? 0) > (found.pointer?.generation ?? 0);
}

function inFlightProblems({ tokenServer }: Scene): string[] {
  const { mostInFlight } = tokenServer.counts;
  return mostInFlight > 1 ? [`${mostInFlight} exchanges in flight at once`] : [];
}

/** By what the process that came after had to do. */
function repairOf({ calls, tokenServer }: Scene, before: Counted): string {
  const changes = calls.other
    .slice(before.calls)
    .filter(({ action, subject }) => action === 'UpdateItem' && subject === 'TOKEN');
  if (changes.length === 0) return 'nothing to repair';
  if (tokenServer.counts.grants === before.grants) return 'rolled forward';
  return before.grants > 0 ? 'old token honoured' : 'exchanged';
}
