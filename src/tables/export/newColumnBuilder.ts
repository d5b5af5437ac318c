import { columnTypes, type CellKind, type ColumnType } from '../../columns/columnTypes.js';
import { cellReader, UnreadableCell } from '../cells/readCell.js';
import type { CsvDialect } from '../csv/csvDialect.js';
import type { ColumnBuilder, ColumnCells } from './columnBuilder.js';
import { ListBuilder, type ItemBuilder } from './listBuilder.js';
import { BitBuilder, DoubleBuilder, IntegerBuilder } from './numberBuilders.js';
import { TextBuilder } from './textBuilder.js';

/** Creates the builder for a column of a type. */
export function newColumnBuilder(
  { name, type }: { name: string; type: ColumnType },
  dialect: Required<CsvDialect>,
): ColumnBuilder {
  const { kind, isList } = columnTypes[type];
  const { create, isQuoted } = builders[kind];
  const cells = { name, dialect };
  return isList ? new ListBuilder(cells, create(cells), isQuoted) : create(cells);
}

interface BuilderOfKind {
  create: (cells: ColumnCells) => ColumnBuilder & ItemBuilder;
  /** Whether the elements of a list are texts in JSON. */
  isQuoted: boolean;
}

const text: BuilderOfKind = { create: (cells) => new TextBuilder(cells, true), isQuoted: true };
const other: BuilderOfKind = { create: (cells) => new TextBuilder(cells, false), isQuoted: true };

const builders: Readonly<Record<CellKind, BuilderOfKind>> = {
  text,
  id: other,
  json: other,
  integer: { create: (cells) => new IntegerBuilder(cells, readInteger), isQuoted: false },
  date: { create: (cells) => new IntegerBuilder(cells, readDate), isQuoted: false },
  double: { create: (cells) => new DoubleBuilder(cells, readDouble), isQuoted: false },
  boolean: { create: (cells) => new BitBuilder(cells, readBoolean), isQuoted: false },
};

// Created once: they also read single cells that are not in the usual form.
const asBigint = cellReader('INTEGER', { integers: 'bigint' });
const asEpoch = cellReader('DATE', { dates: 'epoch' });
const asDouble = cellReader('DOUBLE');
const asBoolean = cellReader('BOOLEAN');

function readInteger(text: string): bigint {
  const value = asBigint(text);
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value;
  throw new UnreadableCell('is not an integer of 64 bits');
}

function readDate(text: string): bigint {
  return BigInt(Number(asEpoch(text)));
}

function readDouble(text: string): number {
  return Number(asDouble(text));
}

function readBoolean(text: string): boolean {
  return asBoolean(text) === true;
}
