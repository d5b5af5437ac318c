/** One line of a benchmark's table. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  /** The maximum value. */
  budget?: number;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Prints the figures; a budget that is exceeded makes the process fail. */
export function printFigures(figures: Figure[]): void {
  const width = Math.max(...figures.map(({ what }) => what.length));
  for (const { what, value, unit, budget } of figures) {
    const digits = value < 100 && !Number.isInteger(value) ? 2 : 0;
    const shown = `${value.toFixed(digits)} ${unit}`.padStart(16);
    const over = budget !== undefined && value > budget;
    const limit =
      budget === undefined ? '' : `  budget ${budget} ${unit}${over ? '  EXCEEDED' : ''}`;
    process.stdout.write(`${what.padEnd(width)} ${shown}${limit}\n`);
    if (over) process.exitCode = 1;
  }
}
