import { describe, expect, it } from 'vitest';
import {
  currentCode,
  isCode,
  newSecret,
} from '../../../../../infra/local/providers/allthingstalk/login/authenticator.ts';

/** The secret of RFC 6238, appendix B: «12345678901234567890». */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('authenticator', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('shows at second %i the code of the standard', (seconds, code) => {
    expect(currentCode(SECRET, seconds * 1000).code).toBe(code);
  });

  it('says how long a code is good for', () => {
    expect(currentCode(SECRET, 0).validSeconds).toBe(30);
    expect(currentCode(SECRET, 29_500).validSeconds).toBe(1);
  });

  it('takes a code with blanks, one step early or late, and no other', () => {
    const { code } = currentCode(SECRET, 60_000);
    expect(isCode(SECRET, `${code.slice(0, 3)} ${code.slice(3)}`, 60_000)).toBe(true);
    expect(isCode(SECRET, code, 119_000)).toBe(true);
    expect(isCode(SECRET, code, 120_000)).toBe(false);
    expect(isCode(newSecret(), code, 60_000)).toBe(false);
  });
});
