/** What names may say: the words that say nothing, and those that belong to one provider. */
import type { SourceFile } from './import-graph.ts';
import { exportedNames, identifiersIn, wordsOf } from './source-text.ts';

const EMPTY_WORDS = [
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'commons',
  'misc',
  'manager',
  'service',
  'processor',
  'data',
  'info',
  'base',
  'abstract',
  'impl',
  'dto',
];

/** A name that is as it is for a reason. */
export interface Exception {
  readonly file: RegExp;
  readonly name: RegExp;
  readonly reason: string;
}

/** File names and exported names that contain a word which says nothing, each as `file: name`. */
export function emptyNames(files: readonly SourceFile[], exceptions: readonly Exception[]): string[] {
  return files.flatMap(({ path, text }) => {
    const segments = path.split('/').map((segment) => segment.replace(/(?:\.test)?\.ts$/, ''));
    const names = [...segments, ...exportedNames(text)].filter(saysNothing);
    return names.filter((name) => !isExcepted(exceptions, path, name)).map((name) => `${path}: ${name}`);
  });
}

function saysNothing(name: string): boolean {
  const isHungarian = /^I[A-Z][a-z]/.test(name);
  return isHungarian || wordsOf(name).some((word) => EMPTY_WORDS.includes(word));
}

const PROVIDER_WORDS = ['home', 'homes', 'room', 'rooms', 'asset', 'assets', 'ground', 'grounds', 'bridge'];

/** Where providers are at home; what all simulators share belongs to none of them. */
const PROVIDER_FOLDERS =
  /^(?:(?:shared|infra\/local|test\/shared|test\/infra\/local)\/providers\/(?!simulation\/)|infra\/local\/demo\/)[^/]+\//;

/** Identifiers with a provider's word outside its folder, each as `file: identifier`. */
export function providerWords(files: readonly SourceFile[], exceptions: readonly Exception[]): string[] {
  return files
    .filter(({ path }) => !PROVIDER_FOLDERS.test(path))
    .flatMap(({ path, text }) => {
      const names = [...identifiersIn(text)].filter((name) =>
        wordsOf(name).some((word) => PROVIDER_WORDS.includes(word)),
      );
      return names.filter((name) => !isExcepted(exceptions, path, name)).map((name) => `${path}: ${name}`);
    });
}

/** Exceptions that excuse nothing any more. */
export function idleExceptions(files: readonly SourceFile[], exceptions: readonly Exception[]): string[] {
  const isUsed = ({ file, name }: Exception) =>
    files.some(
      ({ path, text }) =>
        file.test(path) &&
        [...path.split('/'), ...identifiersIn(text)].some((each) => name.test(each.replace(/\.ts$/, ''))),
    );
  return exceptions.filter((exception) => !isUsed(exception)).map(({ name }) => String(name));
}

function isExcepted(exceptions: readonly Exception[], path: string, name: string): boolean {
  return exceptions.some((each) => each.file.test(path) && each.name.test(name));
}
