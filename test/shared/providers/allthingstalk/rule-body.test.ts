import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { USUAL_BODY } from '../../../../infra/local/providers/allthingstalk/rules/rule-book.ts';
import { translateDelivery } from '../../../../shared/providers/allthingstalk/delivery.ts';
import { allthingstalkIntake } from '../../../../shared/providers/allthingstalk/intake.ts';
import { readRuleBody, ruleBodyTemplate } from '../../../../shared/providers/allthingstalk/rule-body.ts';

/** As the cloud binds: the text as it is. */
const filled = (words: Readonly<Record<string, string>>) =>
  ruleBodyTemplate.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => words[name] ?? '');

describe('the body to paste', () => {
  test('is what the simulated cloud has in its own rules', () => {
    expect(ruleBodyTemplate).toBe(USUAL_BODY);
  });

  test('is read back, whatever text the value is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const words = { device: 'Hallway "node"', asset: 'air-quality', value };
        expect(readRuleBody(filled(words))).toEqual({ source: 'allthingstalk-rule', ...words });
      }),
    );
  });

  test('is never thrown at, whatever comes in its place', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '{',
        '}',
        '"',
        ',',
        ':',
        '"device":"',
        '","asset":"',
        '","value":"',
        '"}',
        ruleBodyTemplate,
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const translation = translateDelivery(pieces.join(''));
        const read = translation.kind === 'by_modules' ? translation.read([]) : translation;
        expect(['reports', 'unreadable']).toContain(read.kind);
      }),
    );
  });

  test.each(['","asset":"', '","value":"', '"   ', '" }   ', '{"source":"allthingstalk-rule","device":"'])(
    'is none, and read in one go, where it is full of %j',
    (piece) => {
      const body = `{"source":"allthingstalk-rule","device":"${piece.repeat(256_000 / piece.length)}`;
      expect(readRuleBody(body)).toBeUndefined();
    },
  );
});

test('each call of a rule is a delivery by itself, whatever it says', () => {
  for (const body of ['', '{', filled({ value: '1' }), '['.repeat(50_000)])
    expect(allthingstalkIntake.split(body)).toEqual([{ raw: body, isOneOfTwins: true }]);
});
