import { expect, test } from 'vitest';
import { endedAttempts } from '../../../shared/domain/ended-attempts.ts';
import type { RotationRecord } from '../../../shared/domain/rotation-record.ts';
import type { TokenPointer } from '../../../shared/domain/token-pointer.ts';
import { at, pointer } from './samples.ts';

const record = (attempt: number): RotationRecord => ({
  attempt,
  at: at(10),
  fromRefreshHash: 'hash-1',
  outcome: 'rotated',
  durationMs: 120,
});
const intent = {
  fromRefreshHash: 'hash-1',
  plannedVersionId: 'version-2',
  earlierVersionIds: [],
  startedAt: at(20),
};
const holding: TokenPointer = { ...pointer, attempt: 3, leaseOwner: 'worker', leaseUntil: at(60), intent };

test('tells of an attempt when it says how it ended, and once', () => {
  const ended = { ...pointer, attempt: 3, lastAttempt: record(3) };
  expect(endedAttempts(holding, ended)).toEqual([record(3)]);
  expect(endedAttempts(ended, { ...ended, usedGeneration: 2 })).toEqual([]);
});

test('tells of the link that a pointer begins with', () => {
  const linked = { ...pointer, lastAttempt: { ...record(0), outcome: 'linked' as const } };
  expect(endedAttempts(undefined, linked)).toEqual([linked.lastAttempt]);
  expect(endedAttempts(undefined, pointer)).toEqual([]);
});

test('tells of a holder who disappeared when somebody else begins', () => {
  expect(endedAttempts(holding, { ...holding, attempt: 4, leaseOwner: 'another' })).toEqual([
    { attempt: 3, at: at(20), fromRefreshHash: 'hash-1', outcome: 'vanished' },
  ]);
});

test('does not call vanished who did say that its outcome is unknown', () => {
  const said = { ...holding, lastAttempt: record(3) };
  expect(endedAttempts(said, { ...said, attempt: 4, leaseOwner: 'another' })).toEqual([]);
});

test('says nothing of an attempt that begins', () => {
  expect(endedAttempts({ ...pointer, attempt: 2 }, holding)).toEqual([]);
});
