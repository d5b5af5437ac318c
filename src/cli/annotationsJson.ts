import type * as M from '../../generated/models.js';
import { isPrintedDate } from '../entities/annotationsFromJson.js';
import { fromWireAnnotations, type AnnotationValue } from '../index.js';
import { formatIso, isInRange } from '../values/dates.js';
import { formatDouble, parseDouble } from '../values/doubles.js';
import { ExactNumber } from '../values/json.js';

/** How {@link annotationsJson} writes. */
export interface AnnotationsJsonOptions {
  /**
   * For a file: on one line, in the order of the keys, and with the type where reading the file would not give it back.
   * @default false: indented and sorted by key
   */
  forFile?: boolean;
}

/**
 * Formats annotations as the Python client prints them: whole numbers in full, doubles with a decimal point (and `NaN`),
 * dates as `YYYY-MM-DD HH:MM:SS.mmm` in UTC. An annotation that would be read back as something else is written with its
 * type: strings that look like such dates, dates beyond the year 9999, numbers that no double can hold.
 */
export function annotationsJson(
  annotations: M.Annotations,
  { forFile = false }: AnnotationsJsonOptions = {},
): string {
  const entries = Object.entries(annotations.annotations ?? {});
  const sorted = forFile ? entries : entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const members = sorted.map(([key, wire]) => {
    const isEmpty = forFile && Array.isArray(wire.value) && wire.value.length === 0;
    const text = isEmpty || needsType(wire) ? JSON.stringify(wire) : listJson(key, wire, forFile);
    return `${JSON.stringify(key)}: ${text}`;
  });
  return bracket('{', members, '}', forFile ? undefined : '  ');
}

function listJson(key: string, wire: M.AnnotationsValue, forFile: boolean): string {
  const isDouble = wire.type === 'DOUBLE';
  const texts = valuesOf(key, wire).map((value) => jsonOf(value, isDouble));
  return bracket('[', texts, ']', forFile ? undefined : '    ');
}

function valuesOf(key: string, wire: M.AnnotationsValue): AnnotationValue[] {
  const values = fromWireAnnotations({ id: '', etag: '', annotations: { [key]: wire } });
  return Object.values(values)[0] ?? [];
}

/** Whether the values alone would be read as something else. */
function needsType({ type, value }: M.AnnotationsValue): boolean {
  // Anything else than strings is reported when the values are read.
  const isReadable = Array.isArray(value) && value.every((text) => typeof text === 'string');
  if (!isReadable || value.length === 0) return false;
  switch (type) {
    case 'STRING':
      return value.every(isPrintedDate);
    case 'DOUBLE':
      return value.some(isBeyondDoubles);
    case 'TIMESTAMP_MS':
      return value.some(isUnprintableDate);
    case 'LONG':
    case 'BOOLEAN':
      return false;
    default:
      return true;
  }
}

function isBeyondDoubles(text: string): boolean {
  const number = parseDouble(text.trim());
  if (number === undefined) return false;
  return (
    (!Number.isFinite(number) && /\d/.test(text)) ||
    (number === 0 && /[1-9]/.test(text.split(/e/i)[0] ?? ''))
  );
}

function isUnprintableDate(text: string): boolean {
  return Number.isInteger(Number(text)) && !isInRange(Number(text));
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

/** The values of annotations for `--json`: doubles keep their decimal point, which a JavaScript number does not have. */
export function exactAnnotations(
  annotations: M.Annotations | undefined,
): Record<string, readonly unknown[]> {
  const entries = Object.entries(annotations?.annotations ?? {}).map(
    ([key, wire]): [string, readonly unknown[]] => {
      if (needsType(wire)) return [key, wire.value];
      const values = valuesOf(key, wire);
      return [key, wire.type === 'DOUBLE' ? values.map(exactDouble) : values];
    },
  );
  return Object.fromEntries(entries);
}

function exactDouble(value: AnnotationValue): unknown {
  return Number.isFinite(value) ? new ExactNumber(formatDouble(Number(value))) : value;
}
