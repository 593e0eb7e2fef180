/** What a bench measured, what it should have reached, and how both are told. Pure. */

/** A bound that a figure has to keep. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `ms`, `bytes`, `calls`, `×` for a ratio of two things measured in the same run … */
  readonly unit: string;
  /** Absent for what is only reported. */
  readonly goal?: Goal;
}

export function isReached({ value, goal }: Figure): boolean {
  if (!goal) return true;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

/** A line a figure, aligned; those that fall short say so. */
export function formatFigures(figures: readonly Figure[]): string {
  const nameWidth = Math.max(...figures.map(({ name }) => name.length));
  const values = figures.map(({ value, unit }) => `${round(value)} ${unit}`);
  const valueWidth = Math.max(...values.map((value) => value.length));
  const lines = figures.map((figure, index) =>
    `${figure.name.padEnd(nameWidth)}  ${(values[index] ?? '').padStart(valueWidth)}  ${goalOf(figure)}`.trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function goalOf(figure: Figure): string {
  const { goal } = figure;
  if (!goal) return '';
  const bound = 'atMost' in goal ? `at most ${goal.atMost}` : `at least ${goal.atLeast}`;
  return isReached(figure) ? bound : `${bound}  FALLS SHORT`;
}

function round(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
