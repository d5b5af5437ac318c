import type * as M from '../../../generated/models.js';
import { canonicalText, fromText, type AnnotationValue } from '../../entities/annotationText.js';
import { ArgumentError } from '../../errors.js';
import { formatIso } from '../../values/dates.js';
import { formatDouble } from '../../values/doubles.js';
import { splitCell, valuesOfCell, type CellValue } from './annotationsOfCell.js';
import type { ManifestForm } from './manifestRow.js';
import { isMissing, isNumeric } from './pandasCells.js';

/**
 * Writes an annotation into a cell, as the Python client does: `[a,b]`, `True`, `1.0`, `2020-01-01T00:00:00Z`; one value without
 * brackets. A text that would be read as something else is written in quotes, which both clients read: `["5"]`, `["a\nb"]`.
 *
 * @returns The empty text for an empty list.
 * @throws {@link ArgumentError} for a value that no cell can hold: NaN, and times outside of the years 1 to 9999.
 */
export function cellOfAnnotations({ type = 'STRING', value }: M.AnnotationsValue): string {
  const values = value.map((text) => fromText('', type, text));
  if (values.length === 0) return '';
  const plain = values.map((one) => plainText(one, type, values.length > 1));
  const cell = values.length > 1 ? `[${plain.join(',')}]` : (plain[0] ?? '');
  if (isReadBack(cell, { type, value })) return cell;
  const safe = `[${values.map((one) => safeText(one, type)).join(',')}]`;
  // Both forms read this notation in the same way.
  if (isReadBack(safe, { type, value }, ['csv'])) return safe;
  throw new ArgumentError(
    `a manifest cannot hold this ${type} annotation: ${cell.slice(0, 100)}. Neither this client nor the Python client would read it back`,
  );
}

function plainText(value: AnnotationValue, type: M.AnnotationsValueType, isList: boolean): string {
  if (value instanceof Date) return formatIso(value, { zeroMilliseconds: false });
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (type === 'DOUBLE') return doubleText(Number(value));
  const text = String(value);
  return isList && text.includes(',') ? `"${text}"` : text;
}

/** Python reads no name of infinity, but it reads a number that is too large. */
function doubleText(value: number): string {
  return Math.abs(value) === Infinity ? `${value < 0 ? '-' : ''}1e400` : formatDouble(value);
}

/** A text as a string of Python, without the characters that lists of manifests use. */
function safeText(value: AnnotationValue, type: M.AnnotationsValueType): string {
  if (type !== 'STRING') {
    const text = plainText(value, type, false);
    // The whole number 20200101 would be a date.
    const isNumber = type === 'LONG' || type === 'DOUBLE';
    return isNumber && !text.startsWith('-') && mayBeDate(text) ? `+${text}` : text;
  }
  const text = String(value);
  if (isPlainElement(text)) return text;
  return `"${text.replace(/[\\"\]\0-\x1f\x7f-\xa0\u2028\u2029\ufeff]|\p{Cs}/gu, escapeCharacter)}"`;
}

/** Whether an element of a list stands for itself. */
function isPlainElement(text: string): boolean {
  if (text === '' || /[,"[\]\\\r\n\t]/.test(text)) return false;
  return isReadBack(text, { type: 'STRING', value: [text] });
}

function escapeCharacter(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Whether the cell is read as this annotation in the forms, by this client and by the Python client. */
function isReadBack(
  cell: string,
  { type, value }: { type: M.AnnotationsValueType; value: readonly string[] },
  forms: readonly ManifestForm[] = ['csv', 'tsv'],
): boolean {
  if (isMissing(cell)) return false;
  if (type === 'STRING' && isNumeric(cell)) return false;
  if (type !== 'TIMESTAMP_MS' && mayBeDate(cell)) return false;
  // Python turns these into line feeds in text files.
  if (/[\r\0]/.test(cell)) return false;
  const isSame = ({ type: found, text }: CellValue, index: number): boolean =>
    found === type && canonicalText(type, text) === canonicalText(type, value[index] ?? '');
  return forms.every((form) => {
    const read = readOrNothing(cell, form);
    return read?.length === value.length && read.every(isSame);
  });
}

function readOrNothing(cell: string, form: ManifestForm): CellValue[] | undefined {
  try {
    return valuesOfCell(cell, form);
  } catch {
    return undefined;
  }
}

/** Whether some release of Python may read a part of the cell as a date, although this client does not. */
function mayBeDate(cell: string): boolean {
  const parts = cell.startsWith('[') && cell.endsWith(']') ? splitCell(cell.slice(1, -1)) : [cell];
  return parts.some((part) => dateLike.test(part));
}

const dateLike = /^\d{4}-?(?:(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])|W[0-5]\d)/;
