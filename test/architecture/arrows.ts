/** The arrows of the design: which part may import which. */
import type { ImportGraph } from './import-graph.ts';

/** The parts, by where their files are; the first that matches counts. */
const parts = {
  environment: /^shared\/runtime\/env\.ts$/,
  registry: /^shared\/providers\/(?:(?:intake-)?registry|(?:error|device)-tables)\.ts$/,
  contract: /^shared\/providers\/[^/]+$/,
  driver: /^shared\/providers\/[^/]+\//,
  domain: /^shared\/domain\//,
  api: /^shared\/api\//,
  store: /^shared\/store\//,
  vault: /^shared\/vault\//,
  quota: /^shared\/quota\//,
  actions: /^shared\/actions\//,
  runtime: /^shared\/runtime\//,
  functions: /^functions\//,
  cli: /^cli\//,
  simulator: /^infra\/local\/providers\//,
  local: /^infra\/local\//,
  infra: /^infra\//,
  test: /^test\//,
} as const;

export type Part = keyof typeof parts;

/** Beside its own files, a part may import these; a driver's and a simulator's own are those of the same cloud. */
const mayImport: Readonly<Record<Part, readonly Part[] | 'anything'>> = {
  domain: [],
  api: ['domain'],
  contract: ['domain'],
  driver: ['contract', 'domain'],
  registry: ['driver', 'contract', 'domain'],
  store: ['domain'],
  vault: ['store', 'contract', 'domain'],
  quota: ['store', 'contract', 'domain'],
  actions: ['vault', 'quota', 'store', 'contract', 'domain'],
  environment: ['domain'],
  runtime: ['actions', 'api', 'vault', 'quota', 'store', 'registry', 'contract', 'environment', 'domain'],
  functions: ['actions', 'api', 'runtime', 'environment'],
  // Programs of operators: they know a deployment by its API, or by its table.
  cli: ['api', 'store', 'runtime', 'domain'],
  infra: ['api', 'environment', 'domain'],
  // Nothing of the drivers: a mistake shared by both ends would never be noticed.
  simulator: ['domain'],
  local: [
    'infra',
    'simulator',
    'runtime',
    'actions',
    'api',
    'vault',
    'store',
    'registry',
    'driver',
    'contract',
    'environment',
    'domain',
  ],
  test: 'anything',
};

/** @throws {TypeError} – when a file is in no part: a new folder has to be given its place here first */
export function partOf(file: string): Part {
  const found = Object.entries(parts).find(([, pattern]) => pattern.test(file));
  if (!found) throw new TypeError(`${file} belongs to no part of the design`);
  return found[0] as Part;
}

/** The imports that the design does not know, each as `from -> to`. */
export function foreignArrows(graph: ImportGraph): string[] {
  return [...graph].flatMap(([from, imported]) =>
    imported
      .filter((to) => graph.has(to) && !isAllowed(from, to))
      .map((to) => `${from} -> ${to} (${partOf(from)} may not import ${partOf(to)})`),
  );
}

function isAllowed(from: string, to: string): boolean {
  const [fromPart, toPart] = [partOf(from), partOf(to)];
  if (fromPart === toPart) return cloudOf(from) === cloudOf(to) || isOutsideClouds(to);
  const allowed = mayImport[fromPart];
  return allowed === 'anything' || allowed.includes(toPart);
}

/** What all simulators share stands beside their folders, or in the room `simulation`, and is no cloud's. */
function cloudOf(file: string): string | undefined {
  return /^(?:shared|infra\/local)\/providers\/(?!simulation\/)([^/]+)\//.exec(file)?.[1];
}

function isOutsideClouds(file: string): boolean {
  return cloudOf(file) === undefined;
}

/** Who alone may import a package, by pattern; a package that is not here is free. */
const packageOwners: Readonly<Record<string, RegExp>> = {
  '@aws-sdk/client-dynamodb': /^shared\/store\/|^shared\/runtime\/(?:clients|webhook-entry)\.ts$/,
  '@aws-sdk/util-dynamodb': /^shared\/store\/|^shared\/runtime\/stream-entry\.ts$/,
  '@aws-sdk/client-secrets-manager':
    /^shared\/vault\/secrets\.ts$|^shared\/runtime\/(?:clients|webhook-entry)\.ts$/,
  '@middy/core': /^shared\/runtime\/http-entry\.ts$/,
  '@aws-lambda-powertools/logger': /^shared\/runtime\/log\.ts$/,
  'aws-lambda': /^shared\/runtime\//,
  'node:http': /^shared\/providers\/request\.ts$|^infra\/local\//,
  'node:https': /^shared\/providers\/request\.ts$|^infra\/local\//,
  'aws-cdk-lib': /^infra\/(?!local\/)/,
  constructs: /^infra\/(?!local\/)/,
  dynalite: /^infra\/local\//,
};

/** Packages in the hands of files that are not theirs, each as `file: package`; tests may use any. */
export function strayPackages(graph: ImportGraph): string[] {
  return [...graph].flatMap(([file, imported]) =>
    partOf(file) === 'test'
      ? []
      : imported
          .filter((name) => packageOwners[packageOf(name)]?.test(file) === false)
          .map((name) => `${file}: ${name}`),
  );
}

function packageOf(specifier: string): string {
  const depth = specifier.startsWith('@') ? 2 : 1;
  return specifier.split('/').slice(0, depth).join('/');
}

/** Imports of files that are not there. */
export function brokenImports(graph: ImportGraph): string[] {
  return [...graph].flatMap(([from, imported]) =>
    imported
      .filter((to) => /^(?:functions|infra|shared|test)\/.*\.ts$/.test(to) && !graph.has(to))
      .map((to) => `${from} -> ${to}`),
  );
}
