/** A line on standard error that changes. */
const NARROWEST = 40;

/** Writes over what is on the line, as much as fits: a longer one would take up two, and leave one behind. */
export function overwriteLine(line: string): void {
  const width = Math.max(NARROWEST, process.stderr.columns ?? NARROWEST) - 1;
  process.stderr.write(`\r\u001b[2K${line.length > width ? fitting(line, width) : line}`);
}

/** Without the parts that do not fit, as half a number would look like another one. */
function fitting(line: string, width: number): string {
  const end = line.lastIndexOf(', ', width);
  return line.slice(0, end > 0 ? end : width);
}
