import { expect, test } from 'vitest';
import { repair, resume, suspect, type WebhookGap } from '../../../shared/domain/webhook-gap.ts';
import { at } from './samples.ts';

const silence: WebhookGap = { reason: 'silence', from: at(0), suspectedAt: at(100) };
const failed: WebhookGap = { reason: 'answers_failed', from: at(0), suspectedAt: at(100), endsAt: at(160) };

test('a gap is opened by the first suspicion, and the next one leaves it as it is', () => {
  expect(suspect({}, silence)).toEqual({ webhookGap: silence });
  expect(suspect({ webhookGap: silence }, failed)).toEqual({});
});

test('a later suspicion moves the end of a gap, never back', () => {
  const longer = { ...failed, suspectedAt: at(150), endsAt: at(300) };
  expect(suspect({ webhookGap: failed }, longer)).toEqual({ webhookGap: { ...failed, endsAt: at(300) } });
  expect(suspect({ webhookGap: longer }, failed)).toEqual({});
});

test('a delivery ends the gap of which nobody knew the end, and no other', () => {
  expect(resume({ webhookGap: silence }, at(500))).toEqual({ webhookGap: { ...silence, endsAt: at(500) } });
  expect(resume({ webhookGap: failed }, at(120))).toEqual({});
  expect(resume({}, at(120))).toEqual({});
});

test('a gap that goes on is repaired once for its beginning and once for its end', () => {
  const first = repair({ webhookGap: silence }, at(110));
  expect(first).toEqual({
    webhookGap: { ...silence, repairedTo: at(110) },
    webhookRepair: { reason: 'silence', from: at(0), to: at(110) },
  });
  expect(repair(first, at(3_700))).toEqual({});
  const resumed = { ...first, ...resume(first, at(9_000)) };
  expect(repair(resumed, at(9_030))).toEqual({
    webhookGap: undefined,
    webhookRepair: { reason: 'silence', from: at(110), to: at(9_030) },
  });
});

test('a gap that is over when it is found is repaired by one poll', () => {
  expect(repair({ webhookGap: failed }, at(160))).toEqual({
    webhookGap: undefined,
    webhookRepair: { reason: 'answers_failed', from: at(0), to: at(160) },
  });
});

test('a poll repairs nothing where nothing is missing', () => {
  expect(repair({ webhookRepair: { reason: 'silence', from: at(0), to: at(1) } }, at(5))).toEqual({});
});
