/** Texts that pandas, with which the Python client reads manifests, takes for no value. */
const missing: ReadonlySet<string> = new Set([
  '',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'null',
]);

/** Whether a cell has no value for the Python client. It is then also blank for this one. */
export function isMissing(cell: string): boolean {
  return missing.has(cell);
}

const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d*)?$/;
const infinite = /^[+-]?inf(?:inity)?$/i;

/** Whether pandas takes the cell for a number when all others of the column are numbers: `007`, `inf`. */
export function isNumeric(cell: string): boolean {
  const text = cell.trim();
  return numeric.test(text) || infinite.test(text);
}
