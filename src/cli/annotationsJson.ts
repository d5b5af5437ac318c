import type * as M from '../../generated/models.js';
import { formatIso } from '../values/dates.js';
import { formatDouble } from '../values/doubles.js';
import { fromWireAnnotations, type AnnotationValue } from '../index.js';

/**
 * Formats annotations as the Python client prints them: whole numbers in full, doubles with a decimal point (and `NaN`),
 * dates as `YYYY-MM-DD HH:MM:SS.mmm` in UTC. Indented and sorted by key, or with `compact` on one line in their order.
 */
export function annotationsJson(
  annotations: M.Annotations,
  { compact = false }: { compact?: boolean } = {},
): string {
  const values = fromWireAnnotations(annotations);
  const keys = compact ? Object.keys(values) : Object.keys(values).sort();
  const members = keys.map((key) => {
    const isDouble = annotations.annotations?.[key]?.type === 'DOUBLE';
    const texts = (values[key] ?? []).map((value) => jsonOf(value, isDouble));
    return `${JSON.stringify(key)}: ${bracket('[', texts, ']', compact ? undefined : '    ')}`;
  });
  return bracket('{', members, '}', compact ? undefined : '  ');
}

function bracket(open: string, items: string[], close: string, indent: string | undefined): string {
  if (items.length === 0) return open + close;
  if (indent === undefined) return open + items.join(', ') + close;
  return `${open}\n${indent}${items.join(`,\n${indent}`)}\n${indent.slice(2)}${close}`;
}

const jsonNames: Readonly<Record<string, string>> = {
  nan: 'NaN',
  inf: 'Infinity',
  '-inf': '-Infinity',
};

function jsonOf(value: AnnotationValue, isDouble: boolean): string {
  if (typeof value === 'number' && isDouble) {
    const text = formatDouble(value);
    return jsonNames[text] ?? text;
  }
  if (value instanceof Date)
    return JSON.stringify(formatIso(value, { separator: ' ' }).slice(0, -1));
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
