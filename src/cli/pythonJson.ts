import { stringifyJson } from '../values/json.js';
import { isPlain } from './isPlain.js';

/** How {@link pythonJson} writes. */
export interface PythonJsonOptions {
  /** On lines of their own, with the keys in alphabetical order. @default false: on one line, in the order of the keys */
  pretty?: boolean;
}

/** Formats data as the Python client prints it: `json.dumps`, with escapes for all characters that are not ASCII. */
export function pythonJson(
  value: unknown,
  { pretty = false }: PythonJsonOptions = {},
  indent = '',
): string {
  const inner = `${indent}  `;
  const bracket = (open: string, items: readonly string[], close: string): string => {
    if (items.length === 0) return open + close;
    if (!pretty) return open + items.join(', ') + close;
    return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${close}`;
  };
  if (Array.isArray(value)) {
    return bracket(
      '[',
      value.map((one) => pythonJson(one, { pretty }, inner)),
      ']',
    );
  }
  if (!isPlain(value)) return scalarJson(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  if (pretty) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const members = entries.map(
    ([key, one]) => `${scalarJson(key)}: ${pythonJson(one, { pretty }, inner)}`,
  );
  return bracket('{', members, '}');
}

function scalarJson(value: unknown): string {
  return stringifyJson(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
