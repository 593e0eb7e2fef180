/** The table in the documentation: what a run gave, between two marks. Pure. */

const BEGIN = '<!-- chaos:begin -->';
const END = '<!-- chaos:end -->';

/** @throws {RangeError} – when the marks are not there */
export function readTable(document: string): string {
  const [begin, end] = marksIn(document);
  return document.slice(begin + BEGIN.length, end).trim();
}

/** @throws {RangeError} – when the marks are not there */
export function replaceTable(document: string, table: string): string {
  const [begin, end] = marksIn(document);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table.trim()}\n\n${document.slice(end)}`;
}

/** Where the document says something else than a run: every row, and every end of a cell that was tried. */
export function differences(documented: string, found: string): string[] {
  const [said, is] = [rowsIn(documented), rowsIn(found)];
  return [
    ...[...said.keys()].filter((name) => !is.has(name)).map((name) => `only in the document: ${name}`),
    ...[...is].flatMap(([name, cells]) => {
      const same = said.get(name);
      if (!same) return [`not in the document: ${name}`];
      return cells
        .filter((cell, column) => !isWithin(cell, same[column] ?? ''))
        .map((cell) => `${name}: the document does not say: ${cell}`);
    }),
  ];
}

/** Cells of every row, by heading and first cell. */
function rowsIn(table: string): Map<string, readonly string[]> {
  const rows = new Map<string, readonly string[]>();
  let heading = '';
  for (const line of table.split('\n')) {
    if (line.startsWith('#')) heading = line;
    if (!line.startsWith('| ')) continue;
    const [name = '', ...cells] = line.slice(2, -2).split(' | ');
    rows.set(`${heading}: ${name}`, cells);
  }
  return rows;
}

/** A run that tries fewer places finds fewer ends, or none. */
function isWithin(cell: string, documented: string): boolean {
  const ends = documented.split(' or ');
  return cell === documented || cell.split(' or ').every((end) => end === '' || ends.includes(end));
}

/** @throws {RangeError} */
function marksIn(document: string): readonly [number, number] {
  const marks = [document.indexOf(BEGIN), document.indexOf(END)] as const;
  if (marks[0] < 0 || marks[1] < marks[0])
    throw new RangeError(`there is no table between ${BEGIN} and ${END}`);
  return marks;
}
