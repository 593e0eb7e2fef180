import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DigestSum, digestOf, isSameDigest } from '../../../shared/domain/digest.ts';

const documents = fc.array(fc.record({ id: fc.string(), value: fc.jsonValue() }));

test('is the same in whatever order documents and their members come, and whichever parts are summed', () => {
  fc.assert(
    fc.property(documents, fc.nat(), (all, cut) => {
      const turned = all
        .map((document) => Object.fromEntries(Object.entries(document).toReversed()))
        .toReversed();
      expect(digestOf(turned)).toEqual(digestOf(all));
      const sum = new DigestSum();
      for (const part of [all.slice(cut % 5), all.slice(0, cut % 5)]) sum.addDigest(digestOf(part));
      expect(sum.total()).toEqual(digestOf(all));
    }),
  );
});

test('is another where a document is missing, is there twice, or says something else', () => {
  fc.assert(
    fc.property(fc.array(fc.uuid(), { minLength: 1 }), fc.jsonValue(), fc.jsonValue(), (ids, one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other) && !Object.is(one, -0) && !Object.is(other, -0));
      const all = ids.map((id) => ({ id, value: one }));
      const [first, ...rest] = all;
      const digest = digestOf(all);
      for (const changed of [rest, [...all, first ?? {}], [{ ...first, value: other }, ...rest]])
        expect(isSameDigest(digestOf(changed), digest)).toBe(false);
    }),
  );
});

test('a member that is undefined counts as absent', () => {
  expect(digestOf([{ id: 'a', nothing: undefined }])).toEqual(digestOf([{ id: 'a' }]));
});

test('of nothing is all zeros', () => {
  expect(digestOf([])).toEqual({ count: 0, digest: '0'.repeat(32) });
});
