import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partialErrorsOf } from '../../../../shared/providers/netatmo/partial-errors.ts';

const answerOf = (json: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(json) });
const within = (...errors: unknown[]) => partialErrorsOf(answerOf({ status: 'ok', body: { errors } }));
const codesOf = ({ byId, unowned }: ReturnType<typeof within>) => ({
  byId: [...byId].map(([id, { code }]) => [id, code]),
  unowned: unowned.map(({ code }) => code),
});

test('each module gets its own error, wherever the list is', () => {
  const told = partialErrorsOf(
    answerOf({ body: { home: {}, errors: [{ code: 6, id: 'a' }] }, errors: [{ code: 14, id: 'b' }] }),
  );
  expect(codesOf(told)).toEqual({
    byId: [
      ['a', 'module_unreachable'],
      ['b', 'module_busy'],
    ],
    unowned: [],
  });
});

test('the first error of a module counts, and that there was nothing to modify is none', () => {
  const told = within(
    { code: 23, id: 'a', message: 'Already on', command: 'monitoring' },
    { code: 19, id: 'a', message: 'Gone' },
    { code: 5, id: 'a' },
    { code: 23, id: 'b' },
  );
  expect(codesOf(told)).toEqual({ byId: [['a', 'module_unreachable']], unowned: [] });
  expect(told.byId.get('a')?.details.provider).toEqual({ status: 200, code: '19', message: 'Gone' });
});

test('an entry is read as far as it can be, and takes no other with it', () => {
  const told = within(
    null,
    'broken',
    [],
    {},
    { code: null, id: {} },
    { code: '6', id: ' a ' },
    { code: { deep: true }, id: 'b', message: 'Lost' },
    { code: 14 },
    { id: '', code: 27 },
    { message: 'Something' },
  );
  expect(codesOf(told)).toEqual({
    byId: [
      ['a', 'module_unreachable'],
      ['b', 'provider_unexpected'],
    ],
    unowned: ['module_busy', 'module_unreachable', 'provider_unexpected'],
  });
});

test.each([
  ['no list', { body: {} }],
  ['no body', { status: 'ok' }],
  ['a body that is a list', { body: [{ errors: [] }] }],
  ['a list that is none', { body: { errors: { code: 6 } }, errors: 'none' }],
  ['no object', null],
])('%s tells of no error', (_, json) => {
  expect(codesOf(partialErrorsOf(answerOf(json)))).toEqual({ byId: [], unowned: [] });
});

test('a body that is no JSON tells of no error', () => {
  for (const body of ['', '<html>', '{"body":{"errors":[{"code":6,']) {
    expect(partialErrorsOf({ status: 200, headers: {}, body }).byId.size).toBe(0);
  }
});

test('nothing that a list may hold is thrown at', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), (errors, beside) => {
      const told = partialErrorsOf(
        answerOf({ body: { errors: [...errors, { code: 6, id: 'kept' }] }, errors: beside }),
      );
      expect(told.byId.has('kept')).toBe(true);
    }),
  );
});
