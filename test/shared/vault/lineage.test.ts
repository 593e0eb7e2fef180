import { expect, test } from 'vitest';
import { lastHope, youngestDescendant } from '../../../shared/vault/lineage.ts';
import type { KeptSet } from '../../../shared/vault/token-sets.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 5, 8, minutes)).toISOString();
const kept = (name: string, parentHash: string | null, minutes: number): KeptSet => ({
  versionId: name,
  set: {
    accessToken: `access ${name}`,
    refreshToken: name,
    obtainedAt: at(minutes),
    accessExpiresAt: at(minutes + 60),
    refreshExpiresAt: at(minutes + 600),
    parentHash,
  },
});
const hashOf = ({ set }: KeptSet) => ('refreshToken' in set ? set.refreshToken : set.accessToken);
const NOW = Date.parse(at(59));

const a = kept('a', null, 0);
const b = kept('b', 'a', 10);
const c = kept('c', 'b', 20);

test('follows the parents to the last, in whatever order they lie', () => {
  for (const all of [
    [a, b, c],
    [c, a, b],
  ]) {
    expect(youngestDescendant(all, 'a', hashOf)).toBe(c);
    expect(youngestDescendant(all, 'b', hashOf)).toBe(c);
  }
});

test('finds nothing younger than the last', () => {
  expect(youngestDescendant([a, b, c], 'c', hashOf)).toBeUndefined();
  expect(youngestDescendant([], 'a', hashOf)).toBeUndefined();
});

test('follows the later of two children of one parent', () => {
  const twin = kept('twin', 'a', 15);
  expect(youngestDescendant([a, b, twin], 'a', hashOf)).toBe(twin);
});

test('comes to an end where a server gives the same refresh token again', () => {
  const same = kept('a', 'a', 30);
  expect(youngestDescendant([a, same], 'a', hashOf)).toBeUndefined();
  const circle = [kept('x', 'y', 1), kept('y', 'x', 2)];
  expect(youngestDescendant(circle, 'x', hashOf)).toBeDefined();
});

const refused = { refreshHash: 'b', obtainedAt: at(10) };

test('hopes for a descendant first, however old', () => {
  expect(lastHope([a, b, c, kept('consent', null, 50)], refused, hashOf, NOW)).toBe(c);
});

test('hopes for a consent that nobody put in place, once its link cannot be under way any more', () => {
  const consent = kept('consent', null, 50);
  expect(lastHope([a, b, consent], refused, hashOf, Date.parse(at(50)) + 40_000)).toBeUndefined();
  expect(lastHope([a, b, consent], refused, hashOf, Date.parse(at(50)) + 40_001)).toBe(consent);
});

test('hopes for an answer that came late for an ancestor, but not for anything older than what is refused', () => {
  const late = kept('late', 'a', 12);
  expect(lastHope([a, b, late], refused, hashOf, NOW)).toBe(late);
  expect(lastHope([a, b, kept('early', 'a', 9)], refused, hashOf, NOW)).toBeUndefined();
});

test('hopes for nothing that has been spent', () => {
  const consent = kept('consent', null, 20);
  const child = kept('child', 'consent', 30);
  expect(lastHope([a, b, consent, child], refused, hashOf, NOW)).toBe(child);
});
