import { isUtf8 } from 'node:buffer';
import { CellValueError } from '../cells/writeCell.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { readHalf } from './readHalf.js';

interface IntegerType {
  readonly bitWidth?: number;
  readonly isSigned?: boolean;
}

/** What is used of `DataType` of the package `apache-arrow`, whichever type it is. */
interface ArrowType extends IntegerType {
  /** The kind of the type, without its size: see `kinds`. */
  readonly typeId: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly unit?: number;
  readonly listSize?: number;
  /** The type of the indexes of a dictionary. */
  readonly indices?: IntegerType;
  readonly children?: readonly { readonly name: string }[] | null;
  toString: () => string;
}

/** What is used of `Data` of the package: the values of a column in one batch. */
export interface ArrowData {
  readonly type: ArrowType;
  readonly length: number;
  /** In bits, for the buffers of bits; other buffers begin with the first value. */
  readonly offset: number;
  readonly values: ArrayBufferView | undefined;
  readonly valueOffsets: ArrayLike<number | bigint> | undefined;
  readonly nullBitmap: Uint8Array | null | undefined;
  readonly children: readonly ArrowData[];
  readonly variadicBuffers?: readonly Uint8Array[];
  readonly dictionary?: { readonly data: readonly ArrowData[] };
}

/** Reads a value by its index in the batch. `row` is its number in the table, for messages. */
export type ValueReader = (index: number, row: number) => unknown;

type NewReader = (data: ArrowData, name: string) => ValueReader;

/** The ids of the kinds of types in the format of Arrow that a column can hold. */
const kinds: Readonly<Record<number, NewReader>> = {
  [-1]: dictionaryReader,
  1: () => () => null,
  2: integerReader,
  3: floatReader,
  5: textReader,
  6: bitReader,
  7: decimalReader,
  8: dateReader,
  10: timestampReader,
  12: listReader,
  13: structReader,
  16: fixedListReader,
  20: textReader,
  21: listReader,
  24: textViewReader,
};

/**
 * Returns the reader of a column in a batch of an Arrow table.
 *
 * @throws {@link ArgumentError} for a type that no column of Synapse can hold
 */
export function valueReader(data: ArrowData | undefined, name: string): ValueReader {
  if (data === undefined) {
    throw new ArgumentError(`The Arrow table has no values for its column ${quoted(name)}.`);
  }
  const newReader = kinds[data.type.typeId];
  if (newReader === undefined) {
    throw new ArgumentError(
      `Column ${quoted(name)} of the Arrow table has the type ${String(data.type)}, which no column of Synapse can hold. ` +
        'Cast it to text or a number first.',
    );
  }
  const read = newReader(data, name);
  const { nullBitmap, offset } = data;
  // A dictionary has its own nulls as well.
  if (!nullBitmap || nullBitmap.byteLength === 0) return read;
  return (index, row) => (bitAt(nullBitmap, offset + index) ? read(index, row) : null);
}

function bitAt(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

/** The buffer of the values as bytes. */
function bytesOf({ values }: ArrowData): Buffer {
  return values === undefined
    ? Buffer.alloc(0)
    : Buffer.from(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
}

function integerReader(data: ArrowData): ValueReader {
  return integersOf(bytesOf(data), data.type);
}

function integersOf(
  bytes: Buffer,
  { bitWidth = 32, isSigned = true }: IntegerType,
): (index: number) => bigint | number {
  const width = bitWidth / 8;
  if (width === 8) {
    return isSigned
      ? (index) => bytes.readBigInt64LE(8 * index)
      : (index) => bytes.readBigUInt64LE(8 * index);
  }
  return isSigned
    ? (index) => bytes.readIntLE(width * index, width)
    : (index) => bytes.readUIntLE(width * index, width);
}

function floatReader(data: ArrowData): ValueReader {
  const bytes = bytesOf(data);
  if (data.type.precision === 0) return (index) => readHalf(bytes.readUInt16LE(2 * index));
  return data.type.precision === 1
    ? (index) => bytes.readFloatLE(4 * index)
    : (index) => bytes.readDoubleLE(8 * index);
}

function bitReader(data: ArrowData): ValueReader {
  const bits = bytesOf(data);
  return (index) => bitAt(bits, data.offset + index);
}

function textReader(data: ArrowData, name: string): ValueReader {
  const bytes = bytesOf(data);
  const offsets = data.valueOffsets ?? [];
  return (index, row) => {
    const start = Number(offsets[index] ?? 0);
    return utf8Text(bytes.subarray(start, Number(offsets[index + 1] ?? 0)), { row, name });
  };
}

/** Texts of up to 12 bytes are in the view itself; others in a buffer that it names. */
function textViewReader(data: ArrowData, name: string): ValueReader {
  const views = bytesOf(data);
  const { variadicBuffers = [] } = data;
  return (index, row) => {
    const at = 16 * index;
    const length = views.readInt32LE(at);
    if (length <= 12) return utf8Text(views.subarray(at + 4, at + 4 + length), { row, name });
    const buffer = variadicBuffers[views.readInt32LE(at + 8)] ?? new Uint8Array();
    const start = views.readInt32LE(at + 12);
    return utf8Text(buffer.subarray(start, start + length), { row, name });
  };
}

function utf8Text(bytes: Uint8Array, { row, name }: { row: number; name: string }): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isUtf8(text)) return text.toString();
  const value = text.toString('latin1');
  throw new CellValueError({ row, column: name, value, reason: 'is not UTF-8 text' });
}

/** Digits that a JavaScript number always holds exactly. */
const exactDigits = 15;

function decimalReader(data: ArrowData, name: string): ValueReader {
  const { bitWidth = 128, scale = 0 } = data.type;
  const bytes = bytesOf(data);
  const words = bitWidth / 64;
  return (index, row) => {
    let value = 0n;
    for (let word = words - 1; word >= 0; word -= 1) {
      value = (value << 64n) | bytes.readBigUInt64LE(8 * (words * index + word));
    }
    value = BigInt.asIntN(bitWidth, value);
    if (scale <= 0) return value * 10n ** BigInt(-scale);
    const one = 10n ** BigInt(scale);
    if (value % one === 0n) return value / one;
    if (significantDigits(value) <= exactDigits) return Number(`${value}e-${scale}`);
    const reason = 'has more digits than a DOUBLE can hold: cast the column to text or doubles';
    throw new CellValueError({ row, column: name, value: `${value}e-${scale}`, reason });
  };
}

/** Without the zeros at the end. */
function significantDigits(value: bigint): number {
  let digits = value < 0n ? -value : value;
  while (digits !== 0n && digits % 10n === 0n) digits /= 10n;
  return String(digits).length;
}

/** Milliseconds of a day. */
const day = 86_400_000;

/** In days (unit 0), or milliseconds. */
function dateReader(data: ArrowData): ValueReader {
  const bytes = bytesOf(data);
  if (data.type.unit === 0) return (index) => dateOf(BigInt(bytes.readInt32LE(4 * index) * day));
  return (index) => dateOf(bytes.readBigInt64LE(8 * index));
}

/** How many of each unit of a timestamp (seconds, milliseconds, microseconds, nanoseconds) a second has. */
const perSecond = [1n, 1000n, 1_000_000n, 1_000_000_000n] as const;

function timestampReader(data: ArrowData, name: string): ValueReader {
  const bytes = bytesOf(data);
  const ticks = perSecond[data.type.unit ?? 1] ?? 1000n;
  return (index, row) => {
    const value = bytes.readBigInt64LE(8 * index) * 1000n;
    if (value % ticks === 0n) return dateOf(value / ticks);
    const reason = 'has digits below a millisecond, which Synapse cannot store: round the column';
    const text = `${value / 1000n} / ${ticks} s`;
    throw new CellValueError({ row, column: name, value: text, reason });
  };
}

/** The latest time in milliseconds that a `Date` can hold. */
const latestDate = 8_640_000_000_000_000n;

/** A bigint for a time that a `Date` cannot hold. */
function dateOf(time: bigint): Date | bigint {
  return time > latestDate || time < -latestDate ? time : new Date(Number(time));
}

function listReader(data: ArrowData, name: string): ValueReader {
  const read = valueReader(data.children[0], name);
  const offsets = data.valueOffsets ?? [];
  return (index, row) => {
    const start = Number(offsets[index] ?? 0);
    const length = Number(offsets[index + 1] ?? 0) - start;
    return Array.from({ length }, (_, item) => read(start + item, row));
  };
}

function fixedListReader(data: ArrowData, name: string): ValueReader {
  const read = valueReader(data.children[0], name);
  const { listSize: length = 0 } = data.type;
  return (index, row) => Array.from({ length }, (_, item) => read(length * index + item, row));
}

function structReader(data: ArrowData, name: string): ValueReader {
  const members = (data.type.children ?? []).map((field, index) => {
    return { key: field.name, read: valueReader(data.children[index], `${name}.${field.name}`) };
  });
  return (index, row) =>
    Object.fromEntries(members.map(({ key, read }) => [key, read(index, row)]));
}

function dictionaryReader(data: ArrowData, name: string): ValueReader {
  const keyOf = integersOf(bytesOf(data), data.type.indices ?? {});
  const parts = (data.dictionary?.data ?? []).map((part) => {
    return { length: part.length, read: valueReader(part, name) };
  });
  return (index, row) => {
    let key = Number(keyOf(index));
    for (const { length, read } of parts) {
      if (key < length) return read(key, row);
      key -= length;
    }
    const value = String(key);
    throw new CellValueError({ row, column: name, value, reason: 'is not in the dictionary' });
  };
}
