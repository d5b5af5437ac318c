import type * as M from '../../../generated/models.js';
import { limits } from '../limits.js';

/** Maximum length of a column name, in characters. */
export const maxNameLength = limits.columnName;
/** Maximum length of a text of a STRING or LINK, in characters. */
export const maxStringSize = limits.stringSize;
/** Default `maximumSize` of a STRING, LINK or STRING_LIST. */
export const defaultStringSize = 50;
/** Maximum number of elements of a list, and the default of `maximumListLength`. */
export const maxListLength = limits.listLength;
/** Longest MEDIUMTEXT, in characters. */
export const maxMediumText = limits.mediumText;
/** Longest LARGETEXT or JSON, in characters. */
export const maxLargeText = limits.largeText;
/** Maximum number of values of an enumeration. */
export const maxEnumValues = limits.enumValues;
/** Maximum number of columns of a table. */
export const maxColumns = limits.columns;
/** Widest row in bytes, by the widest value of each column. */
export const maxRowBytes = limits.rowBytes;
/** Bytes of a page of a query, of a row set that is appended, and the like. */
export const maxRequestBytes = limits.tableRequest;

/** Column names that the service reserves. */
export const reservedColumnNames: ReadonlySet<string> = new Set([
  'ROW_ID',
  'ROW_VERSION',
  'ROW_ETAG',
  'ROW_BENEFACTOR',
  'ROW_SEARCH_CONTENT',
  'ROW_HASH_CODE',
]);

const bytesPerCharacter = 4;
const integerBytes = 20;
const booleanBytes = 5;
const entityIdBytes = 44;
/** The size of each column when a row has 30 columns of LARGETEXT, or 152 of MEDIUMTEXT. */
const largeTextBytes = 2133;
const mediumTextBytes = 421;

/** The properties that the width of a column depends on. */
export interface ColumnWidth {
  readonly columnType?: M.ColumnType | undefined;
  readonly maximumSize?: number | undefined;
  readonly maximumListLength?: number | undefined;
}

/** Bytes of the widest value of a column, as text. */
export function maxBytesOf({ columnType, maximumSize, maximumListLength }: ColumnWidth): number {
  const size = maximumSize ?? maxStringSize;
  const length = maximumListLength ?? maxListLength;
  switch (columnType) {
    case 'STRING':
    case 'LINK':
      return bytesPerCharacter * size;
    case 'MEDIUMTEXT':
      return mediumTextBytes;
    case 'LARGETEXT':
    case 'JSON':
      return largeTextBytes;
    case 'BOOLEAN':
      return booleanBytes;
    case 'DOUBLE':
      return 23;
    case 'ENTITYID':
      return entityIdBytes;
    case 'STRING_LIST':
      return bytesPerCharacter * size * length;
    case 'BOOLEAN_LIST':
      return booleanBytes * length;
    case 'ENTITYID_LIST':
      return entityIdBytes * length;
    case 'INTEGER_LIST':
    case 'DATE_LIST':
    case 'USERID_LIST':
      return integerBytes * length;
    case undefined:
      return 64;
    default:
      return integerBytes;
  }
}

/** Bytes of the widest row of these columns. */
export function maxRowBytesOf(columns: readonly ColumnWidth[]): number {
  return columns.reduce((sum, column) => sum + maxBytesOf(column), 0);
}

/** Rows that fit a page of a query, at least one. */
export function maxRowsPerPage(columns: readonly ColumnWidth[]): number {
  const bytes = maxRowBytesOf(columns);
  return bytes === 0 ? 1 : Math.max(1, Math.floor(maxRequestBytes / bytes));
}
