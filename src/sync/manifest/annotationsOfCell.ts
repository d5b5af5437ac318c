import type * as M from '../../../generated/models.js';
import { isExactDouble, isLong } from '../../entities/annotationText.js';
import { ArgumentError } from '../../errors.js';
import { parseIsoDate, toEpochMs } from '../../values/dates.js';
import { formatDouble } from '../../values/doubles.js';
import { parseBoolean } from '../../values/manifestValues.js';
import { quoted } from '../../values/quoted.js';
import { strip } from '../../values/whitespace.js';
import type { ManifestForm } from './manifestRow.js';
import { pythonLiteral, type PythonLiteral } from './pythonLiteral.js';

type AnnotationType = M.AnnotationsValueType;
type Typed = M.AnnotationsValue & { type: AnnotationType };

/** One value: with its own type, and as the cell has it. */
export interface CellValue {
  type: AnnotationType;
  /** In the form of the API. */
  text: string;
  /** What it is as a text, when the values of the cell are of several types. */
  source: string;
  number?: bigint | number;
}

/**
 * Reads the annotation in a cell: `5` is a LONG, `5.0` a DOUBLE, `true` a BOOLEAN, an ISO 8601 date a TIMESTAMP_MS, and
 * anything else a STRING. `[a,b]` has two values. A text in quotes is a STRING with the escapes of Python: `"5"`, `["a,b","c\n"]`.
 * Values of several types are texts, as they are written.
 *
 * The forms differ: in a TSV, `1,2` and `(1,2)` are lists as well, a list may contain `]` and empty texts.
 *
 * @returns `undefined` for a blank cell, which is no annotation.
 * @throws {@link ArgumentError} for what no annotation can have: whole numbers beyond 64 bits, `None`, complex numbers.
 */
export function annotationsOfCell(text: string, form: ManifestForm): Typed | undefined {
  const values = valuesOfCell(text, form);
  return values && combine(values);
}

/** The values of a cell, each with its own type; `undefined` for a blank cell. */
export function valuesOfCell(text: string, form: ManifestForm): CellValue[] | undefined {
  const cell = strip(text);
  if (cell === '') return undefined;
  const list = isList[form].test(cell) ? splitCell(cell.slice(1, -1)) : [cell];
  const elements = form === 'csv' ? list.filter((element) => element !== '') : list;
  return elements.flatMap((element) => valuesOf(element, form));
}

const isList: Readonly<Record<ManifestForm, RegExp>> = {
  csv: /^\[[^\]]*\]$/,
  tsv: /^\[[^\n]*\]$/,
};

/** Splits a list at the commas that are not within double quotes, and removes blanks around the parts. */
export function splitCell(text: string): string[] {
  let quotesAhead = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotesAhead += 1;
  const parts: string[] = [];
  let start = 0;
  for (const { 0: character, index } of text.matchAll(/[",]/g)) {
    if (character === '"') quotesAhead -= 1;
    else if (quotesAhead % 2 === 0) {
      parts.push(strip(text.slice(start, index)));
      start = index + 1;
    }
  }
  return [...parts, strip(text.slice(start))];
}

function valuesOf(text: string, form: ManifestForm): CellValue[] {
  const date = parseIsoDate(text);
  if (date !== undefined) {
    return [{ type: 'TIMESTAMP_MS', text: String(toEpochMs(date)), source: text }];
  }
  const boolean = parseBoolean(text);
  if (boolean !== undefined) return [{ type: 'BOOLEAN', text: String(boolean), source: text }];
  const literal = pythonLiteral(text) ?? { kind: 'text', text };
  if (form === 'csv' && !isScalar(literal)) return [{ type: 'STRING', text, source: text }];
  if (literal.kind !== 'list') return [valueOf(literal, text)];
  return literal.items.map((item) => valueOf(item, text));
}

function isScalar({ kind }: PythonLiteral): boolean {
  return kind === 'text' || kind === 'whole' || kind === 'double';
}

function valueOf(literal: PythonLiteral, source: string): CellValue {
  switch (literal.kind) {
    case 'text':
      return { type: 'STRING', text: literal.text, source: literal.text };
    case 'boolean':
      return { type: 'BOOLEAN', text: String(literal.value), source };
    case 'whole':
      return { type: 'LONG', text: String(literal.value), source, number: literal.value };
    case 'double': {
      const { value } = literal;
      if (!literal.isRounded) {
        return { type: 'DOUBLE', text: formatDouble(value), source, number: value };
      }
      throw new ArgumentError(
        `${quoted(source)} is too small a number: it would become 0. Write 0.0, or the text in quotes`,
      );
    }
    default: {
      const what = literal.kind === 'list' ? 'a list in a list' : literal.what;
      throw new ArgumentError(
        `${quoted(source)} is ${what}, which no annotation can have. Write a text in quotes: ${JSON.stringify(source)}`,
      );
    }
  }
}

/** Gives all values one type. */
function combine(values: readonly CellValue[]): Typed {
  const types = new Set(values.map(({ type }) => type));
  const [only = 'STRING'] = types;
  if (types.size > 1) {
    const areNumbers = [...types].every((type) => type === 'LONG' || type === 'DOUBLE');
    if (!areNumbers) return { type: 'STRING', value: values.map(({ source }) => source) };
    return { type: 'DOUBLE', value: values.map(doubleText) };
  }
  if (only === 'LONG') for (const value of values) requireLong(value);
  return { type: only, value: values.map(({ text }) => text) };
}

function requireLong({ text, number }: CellValue): void {
  if (typeof number !== 'bigint' || isLong(number)) return;
  throw new ArgumentError(
    `${quoted(text)} is a whole number of more than 64 bits: write a text in quotes, or a number with an exponent`,
  );
}

/** A whole number beside fractions is a double, if a double can hold it. */
function doubleText({ text, number }: CellValue): string {
  if (typeof number !== 'bigint') return text;
  if (isExactDouble(number)) return formatDouble(Number(number));
  throw new ArgumentError(
    `${quoted(text)} beside fractions would be rounded: write it with a point, or the values as texts in quotes`,
  );
}
