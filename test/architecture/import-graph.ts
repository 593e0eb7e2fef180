/** Who imports whom, type imports included, read from the sources themselves. */
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { strip } from './source-text.ts';

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** By file: the files (by path) and packages (by name) that it imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Static imports and re-exports stand at the beginning of a line, as the formatter writes them. */
const STATIC_IMPORT = /^(?:import|export)\s(?:[^;'"`]*?\sfrom\s+)?(['"])([^'"]+)\1/gm;
/** Also types in place: `import('./x.ts').X`. */
const INLINE_IMPORT = /\bimport\(\s*(['"])([^'"]+)\1/g;

export function readSources(root: string): SourceFile[] {
  const folders = '{functions,infra,shared,test}/**/*.ts';
  return globSync(folders, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(posix.join(root, path), 'utf8') }));
}

export function importGraph(files: readonly SourceFile[]): ImportGraph {
  return new Map(files.map((file) => [file.path, importsOf(file)]));
}

function importsOf({ path, text }: SourceFile): string[] {
  const code = strip(text, 'comments');
  const specifiers = [STATIC_IMPORT, INLINE_IMPORT].flatMap((pattern) =>
    [...code.matchAll(pattern)].map(([, , specifier = '']) => specifier),
  );
  const imported = specifiers.map((specifier) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
  );
  return [...new Set(imported)];
}

/** The files of a cycle, the first again at the end; `undefined`: there is none. */
export function findCycle(graph: ImportGraph): string[] | undefined {
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (file: string): string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return undefined;
    trail.push(file);
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    trail.pop();
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file);
    if (cycle) return cycle;
  }
  return undefined;
}
