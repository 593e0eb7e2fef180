import { Replay, type ReplayCounts } from '../domain/replay.ts';
import { walkDue } from './due-index.ts';
import { expression } from './expression.ts';
import type { Table } from './item.ts';
import { dueShard, keys } from './keys.ts';

/** A replay that is not finished. */
export type DueReplay = Replay & { dueAt: string };

export interface ReplayStore {
  /** The account's latest. */
  get(accountId: string): Promise<Replay | undefined>;
  /** Refused while another of the account's is not finished. */
  start(replay: Replay): Promise<'written' | 'refused'>;
  due(now: number): AsyncGenerator<DueReplay>;
  /** Takes a due replay until `until`: a run that crashes leaves it to the next one then. */
  claim(replay: DueReplay, until: string): Promise<DueReplay | 'refused'>;
  /** Notes how far a claimed replay has come; refused when the claim is not ours any more. */
  save(claimed: DueReplay, progress: { after: string; counts: ReplayCounts }): Promise<'saved' | 'refused'>;
  /** Leaves a claimed replay to a later run. */
  release(claimed: DueReplay, dueAt: string): Promise<void>;
  finish(claimed: DueReplay, finishedAt: string): Promise<void>;
}

export function createReplayStore(table: Table): ReplayStore {
  const stillOurs = ({ replayId, dueAt }: DueReplay) =>
    expression`#replayId = ${replayId} AND #dueAt = ${dueAt}`;
  const keyOf = ({ accountId }: Replay) => keys.replay(accountId);
  const moveTo = (replay: DueReplay, dueAt: string) =>
    table.update(keyOf(replay), expression`SET #dueAt = ${dueAt}`, DueReplay, stillOurs(replay));

  return {
    get: (accountId) => table.get(keys.replay(accountId), Replay),

    start: (replay) =>
      table.put(
        keyOf(replay),
        { ...replay, dueShard: dueShard('REPLAY', replay.accountId) },
        expression`attribute_not_exists(#pk) OR attribute_exists(#finishedAt)`,
      ),

    due: (now) => walkDue(table, 'REPLAY', now, DueReplay),

    claim: moveTo,

    async save(claimed, { after, counts }) {
      const saved = await table.update(
        keyOf(claimed),
        expression`SET #after = ${after}, #counts = ${counts}`,
        DueReplay,
        stillOurs(claimed),
      );
      return saved === 'refused' ? 'refused' : 'saved';
    },

    async release(claimed, dueAt) {
      await moveTo(claimed, dueAt);
    },

    async finish(claimed, finishedAt) {
      await table.update(
        keyOf(claimed),
        expression`SET #finishedAt = ${finishedAt} REMOVE #dueAt, #dueShard`,
        Replay,
        stillOurs(claimed),
      );
    },
  };
}

const DueReplay = Replay.required({ dueAt: true });
