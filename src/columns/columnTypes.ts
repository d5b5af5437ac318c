import type * as M from '../../generated/models.js';

/** The type of a column of a table or view. */
export type ColumnType = M.ColumnType;

/** How values of some column types are represented. */
export interface CellOptions {
  /**
   * The values of INTEGER and INTEGER_LIST columns. With `number`, reading an integer beyond 2^53 fails, because a JavaScript
   * number cannot hold it.
   * @default 'number'
   */
  integers?: 'bigint' | 'number' | 'string';
  /**
   * The values of DATE and DATE_LIST columns: `Date`, or milliseconds since 1970.
   * @default 'date'
   */
  dates?: 'date' | 'epoch';
  /**
   * The values of JSON columns: parsed, where whole numbers that a JavaScript number cannot hold are bigint; parsed, where every
   * number that JavaScript would write in another way (`1.0`) is an {@link ExactNumber}; or their text.
   * @default 'parsed'
   */
  json?: 'exact' | 'parsed' | 'text';
}

/** The type of an INTEGER with given options. */
export type IntegerOf<Options extends CellOptions> = Options extends { integers: 'bigint' }
  ? bigint
  : Options extends { integers: 'string' }
    ? `${bigint}`
    : number;

/** The type of a DATE with given options. */
export type DateOf<Options extends CellOptions> = Options extends { dates: 'epoch' }
  ? number
  : Date;

/** The type of a JSON cell with given options. */
export type JsonOf<Options extends CellOptions> = Options extends { json: 'text' }
  ? string
  : unknown;

/** The type of a cell that is not null, by the type of its column. */
export type CellValue<Type extends ColumnType, Options extends CellOptions = object> = {
  STRING: string;
  LINK: string;
  MEDIUMTEXT: string;
  LARGETEXT: string;
  ENTITYID: string;
  FILEHANDLEID: string;
  USERID: string;
  SUBMISSIONID: string;
  EVALUATIONID: string;
  DOUBLE: number;
  BOOLEAN: boolean;
  INTEGER: IntegerOf<Options>;
  DATE: DateOf<Options>;
  JSON: JsonOf<Options>;
  STRING_LIST: string[];
  ENTITYID_LIST: string[];
  USERID_LIST: string[];
  BOOLEAN_LIST: boolean[];
  INTEGER_LIST: IntegerOf<Options>[];
  DATE_LIST: DateOf<Options>[];
}[Type];

/** What can be written into an INTEGER; a text has digits only. */
type IntegerInput = number | bigint | `${bigint}`;

/** What can be written into a DATE: a date, milliseconds since 1970, or an ISO 8601 date; without an offset, it is in UTC. */
type DateInput = Date | number | bigint | string;

/** An id, or an object of Synapse that has one. */
type IdInput = string | number | bigint | { id?: string } | { ownerId?: string };

/** What can be written into a cell, by the type of its column. */
export interface CellInputs {
  STRING: string;
  LINK: string;
  MEDIUMTEXT: string;
  LARGETEXT: string;
  ENTITYID: IdInput;
  FILEHANDLEID: IdInput;
  USERID: IdInput;
  SUBMISSIONID: IdInput;
  EVALUATIONID: IdInput;
  DOUBLE: number | bigint;
  BOOLEAN: boolean;
  INTEGER: IntegerInput;
  DATE: DateInput;
  /** An object or a list, or the JSON text of one. */
  JSON: unknown;
  STRING_LIST: readonly string[] | ReadonlySet<string>;
  ENTITYID_LIST: readonly IdInput[] | ReadonlySet<IdInput>;
  USERID_LIST: readonly IdInput[] | ReadonlySet<IdInput>;
  BOOLEAN_LIST: readonly boolean[];
  INTEGER_LIST: readonly IntegerInput[] | ReadonlySet<IntegerInput>;
  DATE_LIST: readonly DateInput[] | ReadonlySet<DateInput>;
}

/** How the values of a column type are written: as text, number... A list has the kind of its elements. */
export type CellKind = 'boolean' | 'date' | 'double' | 'id' | 'integer' | 'json' | 'text';

/** The facts about a column type. */
export interface ColumnTypeFacts {
  kind: CellKind;
  isList: boolean;
  /** Whether columns have a `maximumSize`. */
  isSized: boolean;
  /** The longest value in characters, where it is fixed. */
  maximumCharacters?: number;
}

const fact = (kind: CellKind, more: Partial<ColumnTypeFacts> = {}): ColumnTypeFacts => ({
  kind,
  isList: false,
  isSized: false,
  ...more,
});

/**
 * All column types.
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/ColumnType.html
 */
export const columnTypes: Readonly<Record<ColumnType, ColumnTypeFacts>> = {
  STRING: fact('text', { isSized: true }),
  LINK: fact('text', { isSized: true }),
  MEDIUMTEXT: fact('text', { maximumCharacters: 2_000 }),
  LARGETEXT: fact('text', { maximumCharacters: 524_288 }),
  INTEGER: fact('integer'),
  DOUBLE: fact('double'),
  BOOLEAN: fact('boolean'),
  DATE: fact('date'),
  ENTITYID: fact('id'),
  FILEHANDLEID: fact('id'),
  USERID: fact('id'),
  SUBMISSIONID: fact('id'),
  EVALUATIONID: fact('id'),
  JSON: fact('json', { maximumCharacters: 524_288 }),
  STRING_LIST: fact('text', { isList: true, isSized: true }),
  INTEGER_LIST: fact('integer', { isList: true }),
  BOOLEAN_LIST: fact('boolean', { isList: true }),
  DATE_LIST: fact('date', { isList: true }),
  ENTITYID_LIST: fact('id', { isList: true }),
  USERID_LIST: fact('id', { isList: true }),
};

/** Whether a text is a column type. */
export function isColumnType(text: unknown): text is ColumnType {
  return typeof text === 'string' && Object.hasOwn(columnTypes, text);
}
