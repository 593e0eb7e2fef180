/** The four reads that tell what there is and how it is: what each told, and when by Netatmo's clock. */
import type * as z from 'zod';
import { LatchkeyError } from '../../domain/error.ts';
import { parseJson } from '../../domain/text.ts';
import type { UtcTime } from '../../domain/time.ts';
import type { Session } from '../provider.ts';
import { type Call, type ConnectApi, readAnswer } from './call.ts';
import type { StationCall } from './device-rows.ts';
import { partialErrorsOf } from './partial-errors.ts';
import {
  AnsweredAt,
  type HomeStatus,
  HomesAnswer,
  type Station,
  StationsAnswer,
  StatusAnswer,
  type WireHome,
} from './wire.ts';

export interface Answered<T> {
  readonly told: T;
  readonly at: UtcTime | undefined;
  /** Ids of what Netatmo does not reach; what is behind it is not told at all (contract 2.4). */
  readonly lost: ReadonlySet<string>;
}

/** Every home of the account, with what is in it. */
export function askHomes(api: ConnectApi, session: Session): Promise<Answered<WireHome[]>> {
  return ask(api, session, { method: 'homesdata' }, HomesAnswer, ({ homes }) => homes);
}

/** How one home is now; absent where nothing of it has a status. */
export function askStatus(
  api: ConnectApi,
  session: Session,
  homeId: string,
): Promise<Answered<HomeStatus | undefined>> {
  const call = { method: 'homestatus', query: { home_id: homeId } };
  return ask(api, session, call, StatusAnswer, ({ home }) => home);
}

/** Every weather station or home coach of the account, those included that it only looks at. */
export function askStations(
  api: ConnectApi,
  session: Session,
  method: StationCall,
): Promise<Answered<Station[]>> {
  const query = method === 'getstationsdata' ? { get_favorites: true } : {};
  return ask(api, session, { method, query }, StationsAnswer, ({ devices }) => devices);
}

async function ask<S extends z.ZodType, T>(
  api: ConnectApi,
  session: Session,
  call: Call,
  schema: S,
  pick: (body: z.output<S>) => T,
): Promise<Answered<T>> {
  const answer = await api(session, call);
  const told = pick(readAnswer(schema, answer));
  const errors = [...partialErrorsOf(answer).byId];
  const lost = errors.flatMap(([id, { code }]) => (code === 'module_unreachable' ? [id] : []));
  return { told, at: AnsweredAt.parse(parseJson(answer.body)), lost: new Set(lost) };
}

/** Code 13: the owner has not consented to what is asked for, or Netatmo gives it to nobody. */
export function isWithheld(error: unknown): boolean {
  return error instanceof LatchkeyError && error.details.provider?.code === '13';
}
