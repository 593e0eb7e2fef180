/** The checks of the architecture, on made-up sources that break each rule: a check that cannot fail holds nothing. */
import { describe, expect, test } from 'vitest';
import { brokenImports, foreignArrows, partOf, strayPackages } from './arrows.ts';
import { findCycle, importGraph } from './import-graph.ts';
import { impurities } from './purity.ts';
import { exportedNames, identifiersIn, strip, wordsOf } from './source-text.ts';
import { emptyNames, idleExceptions, providerWords } from './wording.ts';

const files = (texts: Record<string, string>) =>
  Object.entries(texts).map(([path, text]) => ({ path, text }));
const graphOf = (texts: Record<string, string>) => importGraph(files(texts));

describe('the import graph', () => {
  test.each([
    ['a value', "import { a } from './b.ts';"],
    ['a type', "import type { A } from './b.ts';"],
    ['several lines', "import {\n  a,\n  type B,\n} from './b.ts';"],
    ['everything', "import * as b from './b.ts';"],
    ['nothing but effects', "import './b.ts';"],
    ['double quotes', 'import { a } from "./b.ts";'],
    ['a re-export', "export { a } from './b.ts';"],
    ['a re-export of everything', "export * from './b.ts';"],
    ['a type in place', "const a: import('./b.ts').A = 1;"],
    ['a late import', "const b = await import('./b.ts');"],
    ['a comment in between', "import { /* it's */ a } from './b.ts'; // it's here"],
  ])('sees an import of %s', (_, text) => {
    expect(graphOf({ 'x/a.ts': text }).get('x/a.ts')).toEqual(['x/b.ts']);
  });

  test.each([
    ['in a comment', "// import { a } from './b.ts';\n/*\nimport './b.ts';\n*/"],
    ['in an exported text', "export const text = 'from';\nexport const b = `./b.ts`;"],
  ])('sees no import %s', (_, text) => {
    expect(graphOf({ 'x/a.ts': text }).get('x/a.ts')).toEqual([]);
  });

  test('finds a cycle that only types make', () => {
    const graph = graphOf({
      'x/a.ts': "import { b } from './b.ts';",
      'x/b.ts': "import type { C } from '../y/c.ts';",
      'y/c.ts': "import type { A } from '../x/a.ts';",
    });
    expect(findCycle(graph)).toEqual(['x/a.ts', 'x/b.ts', 'y/c.ts', 'x/a.ts']);
  });

  test('takes two ways to one file for no cycle', () => {
    const graph = graphOf({
      'a.ts': "import './b.ts';\nimport './c.ts';",
      'b.ts': "import './c.ts';",
      'c.ts': '',
    });
    expect(findCycle(graph)).toBeUndefined();
  });

  test('misses a file that is not there', () => {
    expect(brokenImports(graphOf({ 'shared/domain/a.ts': "import './gone.ts';" }))).toEqual([
      'shared/domain/a.ts -> shared/domain/gone.ts',
    ]);
  });
});

describe('the arrows', () => {
  const arrow = (from: string, to: string) =>
    foreignArrows(
      new Map([
        [from, [to]],
        [to, []],
      ]),
    );

  test.each([
    ['shared/domain/plant.ts', 'shared/store/item.ts'],
    ['shared/api/present.ts', 'shared/store/item.ts'],
    ['shared/store/item.ts', 'shared/vault/vault.ts'],
    ['shared/vault/vault.ts', 'shared/providers/registry.ts'],
    ['shared/vault/vault.ts', 'shared/providers/legrand/driver.ts'],
    ['shared/actions/read-home.ts', 'shared/providers/legrand/driver.ts'],
    ['shared/actions/read-home.ts', 'shared/api/present.ts'],
    ['shared/actions/read-home.ts', 'shared/runtime/env.ts'],
    ['shared/providers/request.ts', 'shared/providers/legrand/driver.ts'],
    ['shared/providers/legrand/driver.ts', 'shared/providers/netatmo/wire.ts'],
    ['shared/providers/legrand/driver.ts', 'shared/providers/registry.ts'],
    ['shared/providers/legrand/driver.ts', 'shared/vault/vault.ts'],
    ['functions/read-home.ts', 'shared/store/store.ts'],
    ['shared/runtime/http-entry.ts', 'functions/read-home.ts'],
    ['infra/app.ts', 'functions/read-home.ts'],
    ['infra/app.ts', 'infra/local/cloud.ts'],
    ['infra/app.ts', 'shared/runtime/clients.ts'],
    ['shared/domain/plant.ts', 'infra/stage.ts'],
    ['infra/local/cloud.ts', 'functions/read-home.ts'],
    ['infra/local/providers/legrand/cloud.ts', 'shared/providers/legrand/wire.ts'],
    ['infra/local/providers/legrand/cloud.ts', 'infra/local/providers/netatmo/cloud.ts'],
    ['infra/local/providers/simulation/clock.ts', 'infra/local/providers/legrand/cloud.ts'],
    ['infra/local/cloud.ts', 'test/infra/stacks.ts'],
  ])('refuse %s -> %s', (from, to) => {
    expect(arrow(from, to)).toHaveLength(1);
  });

  test.each([
    ['shared/providers/legrand/driver.ts', 'shared/providers/legrand/wire.ts'],
    ['shared/providers/legrand/driver.ts', 'shared/providers/provider.ts'],
    ['shared/providers/registry.ts', 'shared/providers/legrand/driver.ts'],
    ['infra/local/providers/legrand/cloud.ts', 'infra/local/providers/provider-cloud.ts'],
    ['infra/local/providers/legrand/cloud.ts', 'infra/local/providers/simulation/clock.ts'],
    ['functions/read-home.ts', 'shared/actions/read-home.ts'],
    ['infra/stage.ts', 'shared/runtime/env.ts'],
    ['test/shared/api/present.test.ts', 'functions/read-home.ts'],
  ])('allow %s -> %s', (from, to) => {
    expect(arrow(from, to)).toEqual([]);
  });

  test('have no place for a file outside the layout', () => {
    expect(() => partOf('shared/lib/text.ts')).toThrow(TypeError);
  });
});

test.each([
  ['shared/actions/read-home.ts', '@aws-sdk/client-dynamodb'],
  ['shared/vault/token-sets.ts', '@aws-sdk/client-secrets-manager'],
  ['shared/store/item.ts', '@aws-sdk/client-secrets-manager'],
  ['functions/read-home.ts', '@middy/core'],
  ['infra/local/cloud.ts', 'aws-cdk-lib/core'],
  ['shared/vault/grants.ts', 'node:https'],
])('tells %s from those who may import %s', (file, name) => {
  expect(strayPackages(new Map([[file, [name]]]))).toEqual([`${file}: ${name}`]);
});

test.each([
  ['a Node module', "import { readFile } from 'node:fs/promises';"],
  ['the clock', 'const now = Date.now();'],
  ['the clock', 'const now = new Date();'],
  ['chance', 'const dice = Math.random();'],
  ['the network', "await fetch('http://127.0.0.1');"],
  ['the process', 'const { argv } = process.x;'],
])('finds %s in what should be pure: %s', (what, text) => {
  expect(impurities(files({ 'shared/domain/plant.ts': text }))).toEqual([`shared/domain/plant.ts: ${what}`]);
});

test('lets pure files read given times and hash, and others do as they like', () => {
  const text = "import { createHash } from 'node:crypto';\nnew Date(0); // never Date.now()";
  expect(impurities(files({ 'shared/domain/plant.ts': text, 'shared/store/item.ts': 'Date.now()' }))).toEqual(
    [],
  );
});

describe('the wording', () => {
  test('finds empty words in folders, files and exports', () => {
    const found = emptyNames(
      files({
        'shared/utils/text.ts': '',
        'shared/domain/plant-info.ts': '',
        'shared/domain/plant.ts': 'export class PlantManager {}\nexport interface IPlant {}\nconst data = 1;',
      }),
      [],
    );
    expect(found).toEqual([
      'shared/utils/text.ts: utils',
      'shared/domain/plant-info.ts: plant-info',
      'shared/domain/plant.ts: PlantManager',
      'shared/domain/plant.ts: IPlant',
    ]);
  });

  test('leaves words alone that only contain an empty one', () => {
    const text = 'export const baseline = 1;\nexport const database = 1;\nexport function uncommon() {}';
    expect(emptyNames(files({ 'shared/domain/plant.ts': text }), [])).toEqual([]);
  });

  test("finds a provider's word in identifiers only, and only outside its folder", () => {
    const text = `/** a home */\nconst homeId = 'room';\nconst t = \`the \${myRooms} asset\`;\nconst background = /bridge/;`;
    expect(
      providerWords(files({ 'shared/actions/a.ts': text, 'shared/providers/netatmo/wire.ts': text }), []),
    ).toEqual(['shared/actions/a.ts: homeId', 'shared/actions/a.ts: myRooms']);
  });

  test('knows exceptions, and which of them are idle', () => {
    const sources = files({ 'shared/actions/a.ts': 'const home = 1;' });
    const used = { file: /a\.ts$/, name: /^home$/, reason: '' };
    const idle = { file: /a\.ts$/, name: /^room$/, reason: '' };
    expect(providerWords(sources, [used])).toEqual([]);
    expect(idleExceptions(sources, [used, idle])).toEqual(['/^room$/']);
  });
});

describe('source text', () => {
  test('loses comments, and texts where asked', () => {
    const source = "const a = 'b // c'; // d\nconst e = /[/'\"]/g.test(f) /* g */ / 2;";
    expect(strip(source, 'comments')).toBe("const a = 'b // c'; \nconst e = /[/'\"]/g.test(f)   / 2;");
    expect(strip(source, 'comments and texts')).toBe("const a = ''; \nconst e = ''.test(f)   / 2;");
  });

  test('keeps what is computed within templates, nested ones and objects included', () => {
    const source = `const a = \`b \${c({ d: \`e \${f} g\` })} h\`;`;
    expect([...identifiersIn(source)]).toEqual(['const', 'a', 'c', 'd', 'f']);
  });

  test('gives exported names and the words they are made of', () => {
    expect(exportedNames('export async function readHome() {}\nexport type A = 1;\nconst b = 2;')).toEqual([
      'readHome',
      'A',
    ]);
    expect(wordsOf('readHTTPAnswer-two')).toEqual(['read', 'http', 'answer', 'two']);
  });
});
