/** Holds the arrows and the words of the design on the sources as they are. */
import { expect, test } from 'vitest';
import { routes } from '../shared/api/routes.ts';
import { brokenImports, foreignArrows, strayPackages } from './architecture/arrows.ts';
import { findCycle, importGraph, readSources, type SourceFile } from './architecture/import-graph.ts';
import { impurities } from './architecture/purity.ts';
import { emptyNames, idleExceptions, providerWords } from './architecture/wording.ts';

const sources = readSources('.');
const graph = importGraph(sources);
const isProduct = ({ path }: SourceFile) => !path.startsWith('test/');
const exists = (path: string) => sources.some((source) => source.path === path);

const emptyWords = [
  {
    file: /^(?:test\/)?infra\//,
    name: /^service-stack$|^ServiceStack(?:Props)?$/,
    reason: "the stack of what runs, in the design's words",
  },
  {
    file: /^(?:test\/)?infra\/local\//,
    name: /^secrets-manager$|SecretsManager(?:Options)?$/,
    reason: "AWS's name of what is hosted",
  },
  {
    file: /^infra\/local\/aws\/aws-endpoint\.ts$/,
    name: /^AwsService$/,
    reason: 'AWS calls its products so',
  },
];

const borrowedWords = [
  {
    file: /^functions\/|^shared\/runtime\/dependencies\.ts$/,
    name: /^connectHome$|^Home$/,
    reason: 'all that it takes to act for linked homes, as in read-home: no location of a provider',
  },
  { file: /^infra\/local\/demo\//, name: /^Home$/, reason: "the simulator's word, at its controls" },
  {
    file: /^infra\/(?:constructs\/|synthesize\.ts$)/,
    name: /^fromAsset$|^AssetStaging$|^clearAssetHashCache$/,
    reason: "CDK's names",
  },
  {
    file: /^infra\/local\/(?:template\/assembly|lambda\/function-definition|template)\.ts$/,
    name: /^[aA]ssets(?:Properties)?$/,
    reason: "CDK's name for what a cloud assembly carries",
  },
];

test('reads the sources whole', () => {
  expect(sources.length).toBeGreaterThan(200);
  expect(graph.get('functions/project-changes.ts')).toContain('shared/runtime/stream-entry.ts');
  expect(graph.get('shared/domain/error.ts')).toEqual([
    'shared/domain/actor.ts',
    'shared/domain/call-limits.ts',
    'shared/domain/error-policy.ts',
  ]);
  // Tests quote imports that do not exist.
  expect(brokenImports(importGraph(sources.filter(isProduct)))).toEqual([]);
});

test('knows no arrow that the design does not', () => {
  expect(foreignArrows(graph)).toEqual([]);
});

test('has no cycle of files, type imports included', () => {
  expect(findCycle(graph)).toBeUndefined();
});

test('leaves every foreign package to its one seam', () => {
  expect(strayPackages(graph)).toEqual([]);
});

test('keeps domain, api and translations free of I/O, clock and chance', () => {
  expect(impurities(sources)).toEqual([]);
});

test('reads the environment where the program begins and nowhere else', () => {
  const readers = sources.filter(isProduct).filter(({ text }) => /\bprocess\.env\b/.test(text));
  const allowed =
    /^shared\/runtime\/(?:env|environment-credentials|webhook-entry)\.ts$|^infra\/(?:app|local\/\w+)\.ts$|^cli\/\w+\.ts$/;
  expect(readers.map(({ path }) => path).filter((path) => !allowed.test(path))).toEqual([]);
});

test('names nothing with a word that says nothing', () => {
  expect(emptyNames(sources, emptyWords)).toEqual([]);
  expect(idleExceptions(sources, emptyWords)).toEqual([]);
});

test("keeps a provider's words in that provider's folder", () => {
  expect(providerWords(sources.filter(isProduct), borrowedWords)).toEqual([]);
  expect(idleExceptions(sources, borrowedWords)).toEqual([]);
});

test('has a function for every route, and an action of the same name where there is something to do', () => {
  const names = [...new Set(Object.values(routes).map((route) => route.function))];
  expect(names.map((name) => `functions/${name}.ts`).filter((path) => !exists(path))).toEqual([]);
  const actions = sources
    .filter(({ path }) => path.startsWith('functions/'))
    .map(({ path }) => `shared/actions/${path.slice(10)}`);
  // It only tells what it is: there is nothing to do.
  expect(actions.filter((path) => !exists(path))).toEqual(['shared/actions/describe-api.ts']);
});

test('keeps functions thin: a handler, and nothing that anybody imports', () => {
  const functions = sources.filter(({ path }) => path.startsWith('functions/'));
  expect(functions.length).toBeGreaterThan(10);
  for (const { path, text } of functions) {
    expect(text.split('\n').length, path).toBeLessThan(60);
    expect(text.match(/^export .*/gm), path).toEqual([expect.stringMatching(/^export const handler = /)]);
  }
});
