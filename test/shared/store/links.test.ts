import { expect, test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { toProblem } from '../../../shared/domain/problem.ts';
import { aLink, anAccountId } from './samples.ts';
import { times, useStore } from './use-store.ts';

const { store } = useStore();
const hashes = { stateHash: 'state-1', browserHash: 'browser-1' };
const problem = toProblem(new LatchkeyError('link_refused', 'the owner did not give consent'));

async function boundLink() {
  const link = aLink();
  await store().links.create(link);
  expect(await store().links.bind(link.linkId, hashes)).toBe('bound');
  return link;
}

test('keeps a link as it was made', async () => {
  const link = aLink();
  await store().links.create(link);
  expect(await store().links.get(link.linkId)).toEqual(link);
});

test('lets one of twenty callbacks take a state', async () => {
  const { linkId } = await boundLink();
  const outcomes = await Promise.all(times(20, () => store().links.take(linkId, 'state-1')));
  expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(1);
  const link = await store().links.get(linkId);
  expect(link?.stateHash).not.toBe('state-1');
  expect(link).not.toHaveProperty('browserHash');
  // Used up is not the same as never opened: no program takes it either.
  expect(await store().links.take(linkId, undefined)).toBe('refused');
});

test('refuses a state that is not the one bound', async () => {
  const { linkId } = await boundLink();
  expect(await store().links.take(linkId, 'state-2')).toBe('refused');
  expect(await store().links.take(linkId, 'state-1')).toBe('taken');
});

test('gives the link to the browser that opened it last', async () => {
  const { linkId } = await boundLink();
  await store().links.bind(linkId, { stateHash: 'state-2', browserHash: 'browser-2' });
  expect(await store().links.take(linkId, 'state-1')).toBe('refused');
  expect(await store().links.take(linkId, 'state-2')).toBe('taken');
});

test.each([
  ['linked', { accountId: anAccountId() }],
  ['failed', { problem }],
] as const)('is over once it is %s', async (status, outcome) => {
  const { linkId } = await boundLink();
  await store().links.finish(linkId, outcome);
  expect(await store().links.get(linkId)).toMatchObject({ status, ...outcome });
  expect(await store().links.bind(linkId, hashes)).toBe('refused');
  expect(await store().links.take(linkId, 'state-1')).toBe('refused');
});

test('keeps the first outcome', async () => {
  const { linkId } = await boundLink();
  await store().links.finish(linkId, { problem });
  await store().links.finish(linkId, { accountId: anAccountId() });
  const link = await store().links.get(linkId);
  expect(link).toMatchObject({ status: 'failed', problem });
  expect(link).not.toHaveProperty('accountId');
});

test('makes no link out of a callback for one that does not exist', async () => {
  const { linkId } = aLink();
  expect(await store().links.bind(linkId, hashes)).toBe('refused');
  expect(await store().links.take(linkId, 'state-1')).toBe('refused');
  await store().links.finish(linkId, { problem });
  expect(await store().links.get(linkId)).toBeUndefined();
});
