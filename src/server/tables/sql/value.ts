import type { ColumnType } from './columnTypes.js';
import type { SourceColumn } from './sourceColumn.js';

/** Parameters and results of SQLite. */
export type SqlValue = Uint8Array | bigint | number | string | null;

/**
 * How a value behaves in comparisons and arithmetic. `time` is text that MySQL treats as a date or
 * a time; `decimal` is an exact number with a fixed count of digits after the point.
 */
export type ValueKind =
  | 'boolean'
  | 'decimal'
  | 'double'
  | 'integer'
  | 'interval'
  | 'json'
  | 'list'
  | 'null'
  | 'text'
  | 'time';

/** A translated expression. */
export interface Value {
  /** SQLite expression; it can be used anywhere without additional parentheses. */
  readonly sql: string;
  readonly kind: ValueKind;
  /** Column type of the expression as a result column. */
  readonly type: ColumnType;
  /** Digits after the point of a `decimal`. */
  readonly scale?: number;
  /** SQLite expression of the text key, if it is stored. */
  readonly key?: string;
  /** SQLite expression that is 1 where a double column holds NaN, and 0 where it holds -0. */
  readonly nan?: string;
  /** The column, if the expression is only a column. */
  readonly column?: SourceColumn;
  /** The constant as written, if the expression is only a constant. */
  readonly literal?: number | string;
  /** Maximum length of the result in characters. */
  readonly maximumSize?: number;
  readonly interval?: { readonly count: Value; readonly unit: string };
}

/** Collects the values that are bound to a statement. */
export class Parameters {
  readonly values: SqlValue[] = [];

  /** Binds a value and returns its placeholder. */
  add(value: SqlValue): string {
    this.values.push(value);
    return `?${this.values.length}`;
  }
}

/** Kind of the cells of a column. */
export function kindOfType(type: ColumnType): ValueKind {
  switch (type) {
    case 'STRING':
    case 'LINK':
    case 'MEDIUMTEXT':
    case 'LARGETEXT':
      return 'text';
    case 'DOUBLE':
      return 'double';
    case 'BOOLEAN':
      return 'boolean';
    case 'JSON':
      return 'json';
    case 'STRING_LIST':
    case 'INTEGER_LIST':
    case 'BOOLEAN_LIST':
    case 'DATE_LIST':
    case 'ENTITYID_LIST':
    case 'USERID_LIST':
      return 'list';
    default:
      return 'integer';
  }
}

/** The value in arithmetic: text is converted to the number that it starts with. */
export function numberSql(value: Value): string {
  switch (value.kind) {
    case 'text':
    case 'list':
      return `CAST(${value.sql} AS REAL)`;
    case 'json':
      return `syn_json_number(${value.sql})`;
    case 'time':
      return `syn_time_number(${value.sql})`;
    default:
      return value.sql;
  }
}

/** The value as text. */
export function textSql(value: Value): string {
  switch (value.kind) {
    case 'integer':
    case 'boolean':
      return `CAST(${value.sql} AS TEXT)`;
    case 'decimal':
      return `printf('%.${value.scale ?? 0}f', ${value.sql})`;
    case 'double':
      return `syn_double_text(${value.sql})`;
    default:
      return value.sql;
  }
}

/** The text key of the value; see `textKey`. The comparison itself needs `COLLATE NOCASE`. */
export function keySql(value: Value): string {
  return value.key ?? `syn_key(${textSql(value)})`;
}

/** The value for sorting and grouping. */
export function orderSql(value: Value): string {
  switch (value.kind) {
    case 'text':
    case 'time':
      return `(${keySql(value)}) COLLATE NOCASE`;
    case 'json':
      return `syn_json_scalar(${value.sql})`;
    default:
      return value.sql;
  }
}

/** The value as a cell of a result: NaN and -0, which SQLite cannot store, are returned as text. */
export function shownSql(value: Value): string {
  return value.nan === undefined
    ? value.sql
    : `CASE ${value.nan} WHEN 1 THEN 'NaN' WHEN 0 THEN '-0' ELSE ${value.sql} END`;
}

export function isExact(value: Value): boolean {
  return value.kind === 'integer' || value.kind === 'boolean' || value.kind === 'decimal';
}

export function isNumeric(value: Value): boolean {
  return isExact(value) || value.kind === 'double';
}

/** The limit of MySQL. */
const maxScale = 30;

/** Digits after the point of an exact number. */
export function scaleOf(value: Value): number {
  return Math.min(value.scale ?? 0, maxScale);
}
