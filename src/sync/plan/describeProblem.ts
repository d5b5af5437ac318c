import type { PlanProblem } from './planData.js';

/** One line about a problem: where it is in the manifest, and what is wrong. */
export function describeProblem({ path, message, row, column, value }: PlanProblem): string {
  const places = [
    row !== undefined && `row ${row}`,
    column !== undefined && `column ${column}`,
    value !== undefined && `value ${JSON.stringify(value)}`,
  ].filter((place) => place !== false);
  // The path is the value of its own column, or the row has none.
  const isNamed = value === path || path === '';
  return places.length === 0
    ? `${path}: ${message}`
    : `${[...(isNamed ? [] : [path]), ...places].join(', ')}: ${message}`;
}
