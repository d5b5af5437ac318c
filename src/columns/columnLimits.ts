import type { TableColumn } from './columnModel.js';
import { columnTypes, type CellKind } from './columnTypes.js';

/** The number of columns that a table or view can have. */
export const maximumColumns = 152;

/** Characters of a STRING, a LINK, or an element of a STRING_LIST. */
export const maximumSizes = { least: 1, most: 1000, usual: 50 } as const;

/** Elements of a list. */
export const listLengths = { least: 2, most: 100, usual: 100 } as const;

/** The number of values that a column can be limited to. */
export const maximumEnumValues = 100;

/** Bytes of the widest possible row of a table. */
export const widestRow = 64_000;

const bytesPerCharacter = 4;

const bytesByKind: Readonly<Record<CellKind, number>> = {
  boolean: 5,
  date: 20,
  double: 23,
  id: 20,
  integer: 20,
  json: 2133,
  text: bytesPerCharacter * maximumSizes.most,
};

/** The types whose width does not follow from the kind of their values. */
const bytesByType: Partial<Record<TableColumn['columnType'], number>> = {
  // Synapse allows 30 columns of LARGETEXT in a row, or 152 of MEDIUMTEXT.
  LARGETEXT: 2133,
  MEDIUMTEXT: 421,
  ENTITYID: 44,
  ENTITYID_LIST: 44,
};

/** Bytes that Synapse reserves for a column in a row. */
export function widthOf({ columnType, maximumSize, maximumListLength }: TableColumn): number {
  const { kind, isList, isSized } = columnTypes[columnType];
  const one = isSized
    ? bytesPerCharacter * (maximumSize ?? maximumSizes.usual)
    : (bytesByType[columnType] ?? bytesByKind[kind]);
  return isList ? one * (maximumListLength ?? listLengths.usual) : one;
}
