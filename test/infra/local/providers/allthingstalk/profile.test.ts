import { describe, expect, it } from 'vitest';
import {
  acceptValue,
  type Json,
  type Profile,
} from '../../../../../infra/local/providers/allthingstalk/house/profile.ts';

const percent: Profile = { type: 'integer', minimum: 0, maximum: 100 };
const mood: Profile = { type: 'string', enum: ['good', 'bad'] };
const place: Profile = { type: 'object', properties: { latitude: { type: 'number' } } };

const accepted: [Profile, Json, Json][] = [
  [{ type: 'number' }, '27.6', 27.6],
  [percent, '40', 40],
  [{ type: 'boolean' }, 'true', true],
  [{ type: 'text' }, 12, '12'],
  [mood, 'good', 'good'],
  [place, { latitude: '51', note: 'kept' }, { latitude: 51, note: 'kept' }],
  [place, {}, {}],
  [{ type: 'array', items: { type: 'number' } }, ['1', 2], [1, 2]],
  [{ type: 'array' }, ['a', null], ['a', null]],
  [{ type: 'location' }, { latitude: 51, longitude: 3 }, { latitude: 51, longitude: 3 }],
];
const refused: [Profile, Json][] = [
  [{ type: 'number' }, 'warm'],
  [{ type: 'number' }, ''],
  [{ type: 'number' }, null],
  [percent, 1.5],
  [percent, 101],
  [percent, -1],
  [{ type: 'boolean' }, 1],
  [mood, 'fair'],
  [place, { latitude: 'north' }],
  [place, [51]],
  [{ type: 'array', items: { type: 'number' } }, [1, 'two']],
  [{ type: 'array' }, 'a'],
  [{ type: 'location' }, { latitude: 91, longitude: 3 }],
];

describe('a profile', () => {
  it.each(accepted)('%o takes %o as %o', (profile, value, stored) => {
    expect(acceptValue(profile, value, 'coerce')).toEqual(stored);
  });

  it.each(refused)('%o refuses %o, unless nothing is checked', (profile, value) => {
    expect(acceptValue(profile, value, 'coerce')).toBeUndefined();
    expect(acceptValue(profile, value, 'none')).toBe(value);
  });

  it('refuses text that means a number when it is strict', () => {
    expect(acceptValue({ type: 'number' }, '27.6', 'strict')).toBeUndefined();
    expect(acceptValue({ type: 'number' }, 27.6, 'strict')).toBe(27.6);
  });
});
