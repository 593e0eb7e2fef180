/** `getmeasure` and `getroommeasure` (contract 3.4 and 3.7). */
import type { Answer } from '../../simulation/answer.ts';
import { typeOf } from '../house/catalog.ts';
import { type Home, roomOf } from '../house/home.ts';
import { mayRead } from '../scopes.ts';
import { epochSeconds, findModule, homesOf, type World } from '../world.ts';
import { apiError, successOf } from './envelope.ts';
import type { ApiMethod, Caller } from './gateway.ts';
import { roomSource, type Source, sourceOf } from './measure-sources.ts';
import { ownedHome } from './ownership.ts';
import { intervals, isScale, layOut, MOST_POINTS, type Point, type Scale, stampOf } from './series.ts';

export function measureMethods(world: World): ApiMethod[] {
  return [
    {
      operation: 'getmeasure',
      scopes: [
        'read_station',
        'read_thermostat',
        'read_magellan',
        'read_homecoach',
        'read_smarther',
        'read_mhs1',
      ],
      handle: (caller) => getMeasure(world, caller),
    },
    {
      operation: 'getroommeasure',
      scopes: ['read_thermostat', 'read_smarther'],
      handle: (caller) => getRoomMeasure(world, caller),
    },
  ];
}

interface Question {
  readonly scale: Scale;
  readonly sources: readonly (Source | undefined)[];
  readonly timeZone: string;
  readonly sinceEpochMs: number;
}

function getMeasure(world: World, caller: Caller): Answer {
  const asked = readAsked(caller);
  if ('refused' in asked) return asked.refused;
  const deviceId = caller.parameters.text('device_id');
  if (deviceId === undefined) return apiError(10, 'Missing device_id');
  const device = findModule(world, deviceId);
  if (!device || !mayAsk(world, caller, device.home, deviceId)) return apiError(21, 'device id is invalid');
  const moduleId = caller.parameters.text('module_id') ?? deviceId;
  const module = device.home.modules.find((candidate) => candidate.moduleId === moduleId);
  if (!module || (moduleId !== deviceId && module.bridge !== deviceId))
    return apiError(21, 'module id is invalid');
  if (!mayRead(caller.scopes, typeOf(module.type).family))
    return apiError(13, 'Application does not have the good scope rights');
  const { home } = device;
  return answerSeries(world, 'getmeasure', caller, {
    scale: asked.scale,
    sources: asked.types.map((type) => sourceOf(home, module, asked.scale, type)),
    timeZone: home.timeZone,
    sinceEpochMs: module.setupEpochMs,
  });
}

/** Their own, or a station that was shared with them. */
function mayAsk(world: World, { userId }: Caller, home: Home, deviceId: string): boolean {
  const user = world.state.users.find((candidate) => candidate.userId === userId);
  const shared = [...(user?.sharedStationIds ?? []), ...(user?.favouriteStationIds ?? [])];
  return homesOf(world, userId).includes(home) || shared.includes(deviceId);
}

function getRoomMeasure(world: World, caller: Caller): Answer {
  const owned = ownedHome(world, caller);
  if ('refused' in owned) return owned.refused;
  const asked = readAsked(caller);
  if ('refused' in asked) return asked.refused;
  const roomId = caller.parameters.text('room_id');
  if (roomId === undefined) return apiError(10, 'Missing room_id');
  const climate = roomOf(owned.home, roomId)?.climate;
  if (!climate) return apiError(21, 'Invalid room_id');
  return answerSeries(world, 'getroommeasure', caller, {
    scale: asked.scale,
    sources: asked.types.map((type) => roomSource(climate, asked.scale, type)),
    timeZone: owned.home.timeZone,
    sinceEpochMs: climate.samples[0]?.epochMs ?? world.clock.now(),
  });
}

function readAsked({ parameters }: Caller): { scale: Scale; types: string[] } | { refused: Answer } {
  const scale = parameters.text('scale');
  if (scale === undefined) return { refused: apiError(10, 'Missing scale') };
  if (!isScale(scale)) return { refused: apiError(21, 'Invalid scale') };
  const types = parameters.list('type').map((type) => type.trim().toLowerCase());
  return types.length > 0 ? { scale, types } : { refused: apiError(10, 'Missing type') };
}

function answerSeries(
  world: World,
  operation: 'getmeasure' | 'getroommeasure',
  { parameters }: Caller,
  question: Question,
): Answer {
  const now = epochSeconds(world.clock.now());
  const end = parameters.text('date_end');
  const begin = parameters.number('date_begin');
  const onlyLast = end === 'last' && begin === undefined;
  const since = Math.max(begin ?? 0, Math.ceil(question.sinceEpochMs / 1000));
  const until =
    end === undefined || end === 'last' ? now : Math.min(now, parameters.number('date_end') ?? now);
  const most = Math.min(MOST_POINTS, Math.max(1, parameters.number('limit') ?? MOST_POINTS));
  const realTime = parameters.flag('real_time') ?? false;
  const points = onlyLast
    ? lastPoint(question, now, realTime)
    : collect(question, since, until, { most, realTime });
  const optimize = parameters.flag('optimize') ?? true;
  return successOf(world, operation, layOut(points, question.scale, optimize));
}

interface Limits {
  readonly most: number;
  readonly realTime: boolean;
}

/** Oldest first. The bounds are held against the beginnings: a shifted stamp can lie behind the end. */
function collect(question: Question, since: number, until: number, { most, realTime }: Limits): Point[] {
  const { scale, sources, timeZone } = question;
  const points: Point[] = [];
  for (const interval of intervals(scale, since, timeZone)) {
    if (interval.fromEpochS > until || points.length >= most) break;
    const values = sources.map((source) => source?.(interval) ?? null);
    if (values.some((value) => value !== null))
      points.push({ epochS: stampOf(scale, interval, realTime), values });
  }
  return points;
}

/** How far back the latest point is looked for: longer than any interval, and than most silences. */
const LOOKED_BACK_S = 62 * 86_400;

function lastPoint(question: Question, now: number, realTime: boolean): Point[] {
  const since = Math.max(Math.ceil(question.sinceEpochMs / 1000), now - LOOKED_BACK_S);
  const fine = question.scale === 'max' || question.scale === '30min';
  // Most of the time it is among the latest.
  const recent = fine ? collect(question, Math.max(since, now - 14_400), now, { most: 50, realTime }) : [];
  const all = recent.length > 0 ? recent : collect(question, since, now, { most: 20_000, realTime });
  return all.slice(-1);
}
