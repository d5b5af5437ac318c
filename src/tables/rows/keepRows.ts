import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { spoolStream } from '../../transfer/spoolStream.js';
import { parseJson, stringifyJson } from '../../values/json.js';
import { csvBytes } from './openCsv.js';
import { readRowsInput, type RowsInput } from './rowInput.js';
import { textOfValue } from './textOfValue.js';

/** Rows that can be read several times. */
export interface KeptRows {
  /** Opens the rows from the beginning. */
  open: () => RowsInput;
  /** Removes what was kept. Always call it. */
  remove: () => Promise<void>;
}

/**
 * Makes rows that can be read several times: a file stays where it is, and everything else is copied to a temporary file. Memory
 * stays constant.
 */
export async function keepRows(
  input: RowsInput,
  signal: AbortSignal | undefined,
): Promise<KeptRows> {
  const { csv, objects } = await readRowsInput(input, signal);
  if (csv === undefined) {
    const { path, remove } = await spoolStream(linesOf(objects), signal);
    return { open: () => objectsOf(path) as AsyncGenerator<object>, remove };
  }
  const source = csv.csv;
  const isRereadable = typeof source === 'string' || source instanceof Uint8Array;
  if (isRereadable || source instanceof Blob) {
    return { open: () => csv, remove: () => Promise.resolve() };
  }
  const { path, remove } = await spoolStream(csvBytes(source), signal);
  return { open: () => ({ ...csv, csv: createReadStream(path) }), remove };
}

/** Objects as lines of JSON, in which the types of their values can be told. */
async function* linesOf(
  objects: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncGenerator<Uint8Array> {
  let text = '';
  for await (const object of objects) {
    text += `${lineOf(object)}\n`;
    if (text.length < 64 * 1024) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

function lineOf(object: unknown): string {
  // What is no row is refused when it is read as one.
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    return stringifyJson(object ?? null, { nonFinite: 'text' });
  }
  const cells = Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, keptValue(value)]);
  return stringifyJson(Object.fromEntries(cells)).replace(/[\u2028\u2029]/g, escaped);
}

/** The reader of lines takes these for line ends. JSON has them only in texts. */
function escaped(character: string): string {
  return character === '\u2028' ? '\\u2028' : '\\u2029';
}

/** A value that JSON has not, or that could be taken for one of these. */
type Tagged = { $date: number } | { $json: string } | { $number: string };

function keptValue(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return { $date: value.getTime() };
  if (Symbol.iterator in value && !(value instanceof Uint8Array)) {
    return Array.from(value as Iterable<unknown>, keptValue);
  }
  return { $json: textOfValue(value) };
}

function givenValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(givenValue);
  if (typeof value !== 'object' || value === null) return value;
  const tagged = value as Tagged;
  if ('$date' in tagged) return new Date(tagged.$date);
  return '$json' in tagged ? parseJson(tagged.$json) : Number(tagged.$number);
}

async function* objectsOf(path: string): AsyncGenerator {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const line of lines) {
    const row = parseJson(line);
    const isRow = typeof row === 'object' && row !== null;
    yield isRow
      ? Object.fromEntries(Object.entries(row).map(([name, value]) => [name, givenValue(value)]))
      : row;
  }
}
