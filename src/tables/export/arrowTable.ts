import type * as Arrow from 'apache-arrow';
import { columnTypes, type CellKind } from '../../columns/columnTypes.js';
import { loadOptional } from '../../loadOptional.js';
import type { ColumnBatch, ResultColumn } from './openColumns.js';
import type { ColumnData } from './columnData.js';

/** The key in the metadata of an Arrow field under which the type of the column in Synapse is. */
export const columnTypeKey = 'synapse.columnType';

/** The package `apache-arrow`. */
export type ArrowPackage = typeof Arrow;

/** @throws {@link SynapseError} (`PACKAGE_MISSING`) with the command that installs it */
export function loadArrow(): Promise<ArrowPackage> {
  return loadOptional('apache-arrow', () => import('apache-arrow'));
}

const utf8 = (arrow: ArrowPackage): Arrow.DataType => new arrow.Utf8();

const typesOfKinds: Readonly<Record<CellKind, (arrow: ArrowPackage) => Arrow.DataType>> = {
  text: utf8,
  id: utf8,
  json: utf8,
  integer: (arrow) => new arrow.Int64(),
  double: (arrow) => new arrow.Float64(),
  boolean: (arrow) => new arrow.Bool(),
  date: (arrow) => new arrow.TimestampMillisecond('UTC'),
};

/** The Arrow schema of columns. */
export function arrowSchema(arrow: ArrowPackage, columns: readonly ResultColumn[]): Arrow.Schema {
  const fields = columns.map(({ name, type }) => {
    const { kind, isList } = columnTypes[type];
    const one = typesOfKinds[kind](arrow);
    const whole = isList ? new arrow.List(new arrow.Field('item', one, true)) : one;
    return new arrow.Field(name, whole, true, new Map([[columnTypeKey, type]]));
  });
  return new arrow.Schema(fields);
}

/** Gives the values of a batch to Arrow, without copying them. */
export function arrowBatch(
  arrow: ArrowPackage,
  schema: Arrow.Schema,
  columns: readonly ResultColumn[],
  batch: ColumnBatch,
): Arrow.RecordBatch {
  const children = batch.columns.map((data, index) => {
    const type = columns[index]?.type ?? 'STRING';
    return arrowData(arrow, columnTypes[type].kind, data);
  });
  const type = new arrow.Struct(schema.fields);
  const data = arrow.makeData({ type, length: batch.rowCount, nullCount: 0, children });
  return new arrow.RecordBatch(schema, data);
}

function arrowData(arrow: ArrowPackage, kind: CellKind, column: ColumnData): Arrow.Data {
  const { length, nullCount, validity: nullBitmap } = column;
  const base = { length, nullCount, nullBitmap };
  switch (column.kind) {
    case 'texts':
      return arrow.makeData({
        ...base,
        type: new arrow.Utf8(),
        valueOffsets: column.offsets,
        data: column.values,
      });
    case 'doubles':
      return arrow.makeData({ ...base, type: new arrow.Float64(), data: column.values });
    case 'bits':
      return arrow.makeData({ ...base, type: new arrow.Bool(), data: column.values });
    case 'integers':
      return kind === 'date'
        ? arrow.makeData({
            ...base,
            type: new arrow.TimestampMillisecond('UTC'),
            data: column.values,
          })
        : arrow.makeData({ ...base, type: new arrow.Int64(), data: column.values });
    case 'lists': {
      const child = arrowData(arrow, kind, column.items);
      const type = new arrow.List(new arrow.Field('item', child.type, true));
      return arrow.makeData({ ...base, type, valueOffsets: column.offsets, child });
    }
  }
}
