import { randomInt } from 'node:crypto';
import * as z from 'zod';

const LOWERCASE = 'abcdefghijklmnopqrstuvwxyz';
const NUMBERS = '0123456789';
/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html */
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** `GenerateSecretString` of an `AWS::SecretsManager::Secret`, with CloudFormation's defaults. */
export const SecretGeneration = z.object({
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  PasswordLength: z.number().int().min(1).max(4096).default(32),
  ExcludeCharacters: z.string().default(''),
  ExcludeLowercase: z.boolean().default(false),
  ExcludeUppercase: z.boolean().default(false),
  ExcludeNumbers: z.boolean().default(false),
  ExcludePunctuation: z.boolean().default(false),
  IncludeSpace: z.boolean().default(false),
  RequireEachIncludedType: z.boolean().default(true),
});
export type SecretGeneration = z.infer<typeof SecretGeneration>;

/** The secret's text: a password, or the template's object with the password under its key. */
export function generateSecretString(generation: SecretGeneration): string {
  const password = generatePassword(generation);
  const { SecretStringTemplate: template, GenerateStringKey: key } = generation;
  if (template === undefined || key === undefined) return password;
  const content = z.record(z.string(), z.unknown()).parse(JSON.parse(template));
  return JSON.stringify({ ...content, [key]: password });
}

function generatePassword(generation: SecretGeneration): string {
  const kinds = [
    generation.ExcludeLowercase ? '' : LOWERCASE,
    generation.ExcludeUppercase ? '' : LOWERCASE.toUpperCase(),
    generation.ExcludeNumbers ? '' : NUMBERS,
    generation.ExcludePunctuation ? '' : PUNCTUATION,
    generation.IncludeSpace ? ' ' : '',
  ]
    .map((kind) => [...kind].filter((character) => !generation.ExcludeCharacters.includes(character)))
    .filter((kind) => kind.length > 0);
  const all = kinds.flat();
  if (all.length === 0) throw new RangeError('GenerateSecretString excludes every character');
  for (;;) {
    const password = Array.from({ length: generation.PasswordLength }, () => all[randomInt(all.length)]);
    const hasEachKind = kinds.every((kind) => kind.some((character) => password.includes(character)));
    // Drawn again as a whole rather than patched, so that every allowed password stays equally likely.
    const canHaveEachKind = generation.PasswordLength >= kinds.length;
    if (hasEachKind || !generation.RequireEachIncludedType || !canHaveEachKind) return password.join('');
  }
}
