import { expect, test } from 'vitest';
import { translateJunk } from './translate-junk.ts';

test("Legrand's driver translates whatever is delivered into something that can be kept", () => {
  expect(translateJunk({ runs: 3_000, seed: 20260115 })).toBeUndefined();
});
