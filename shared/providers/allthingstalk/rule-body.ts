/**
 * What a rule's webhook says. Its body is free text of the owner's, in which the cloud pastes what is bound, as it is: a
 * quote in a value makes it no JSON, and a backslash is not an escape (contract 6). Pure; never throws.
 */
import * as z from 'zod';
import { parseJson } from '../../domain/text.ts';

const SOURCE = 'allthingstalk-rule';

/** For the owner's rule; what is in double braces is to be bound there, or written by hand. */
export const ruleBodyTemplate = `{"source":"${SOURCE}","device":"{{device}}","asset":"{{asset}}","value":"{{value}}"}`;

export interface RuleBody {
  /** Its title, or its id. */
  readonly device: string;
  /** Its name, or its title. */
  readonly asset: string;
  /** As text, where the binding was quoted. */
  readonly value: unknown;
}

const name = z.string().trim().min(1);
const OwnWords = z.object({ source: z.literal(SOURCE), device: name, asset: name, value: z.unknown() });

/** `undefined`: it is not what the rule was to send. */
export function readRuleBody(raw: string): RuleBody | undefined {
  return OwnWords.safeParse(readFilled(raw) ?? parseJson(raw)).data;
}

/** What stands between the places of our template; blanks do not count. */
const beforeDevice = new RegExp(String.raw`^\s*\{\s*"source"\s*:\s*"${SOURCE}"\s*,\s*"device"\s*:\s*"`);
const beforeAsset = /"\s*,\s*"asset"\s*:\s*"/;
const beforeValue = /"\s*,\s*"value"\s*:\s*"/;
const afterValue = /"\s*\}\s*$/;

/** Our template as it was filled: the value, which a device may choose, is all that remains up to the end. */
function readFilled(raw: string): unknown {
  const [device, afterDevice] = cut(cut(raw, beforeDevice)[1], beforeAsset);
  const [asset, afterAsset] = cut(afterDevice, beforeValue);
  const [value, rest] = cut(afterAsset, afterValue);
  return rest === undefined ? undefined : { source: SOURCE, device, asset, value };
}

/** What is before the separator, and after it; nothing where it is not found. */
function cut(text: string | undefined, separator: RegExp): [string, string] | [] {
  const found = text === undefined ? null : separator.exec(text);
  return found ? [found.input.slice(0, found.index), found.input.slice(found.index + found[0].length)] : [];
}
