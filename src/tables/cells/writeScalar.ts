import { columnTypes, type CellKind, type ColumnType } from '../../columns/columnTypes.js';
import type { StoredColumn } from '../../columns/columnModel.js';
import { strip } from '../../values/whitespace.js';
import { writeDate } from './writeDate.js';
import { writeJson } from './writeJson.js';
import { writeDouble, writeLong } from './writeNumber.js';
import { brokenText, isBroken, type Misfit, type Written } from './written.js';

/** What a value has to fit. */
export type CellColumn = Pick<
  StoredColumn,
  'columnType' | 'enumValues' | 'maximumListLength' | 'maximumSize' | 'name'
>;

/** The size of a column that names none. */
const defaultSize = 50;

/** Returns the function that writes one value of a column: a cell, or an element of a list. */
export function scalarWriter(column: CellColumn): (value: unknown) => Written {
  const { kind, isSized, isList, maximumCharacters } = columnTypes[column.columnType];
  if (kind === 'text') {
    const limit = maximumCharacters ?? (isSized ? (column.maximumSize ?? defaultSize) : Infinity);
    // In the JSON of a list, NUL is an escape, which Synapse can store.
    return textWriter({ limit, allowed: column.enumValues, nul: isList });
  }
  if (kind === 'json') return sizedJsonWriter(maximumCharacters ?? Infinity);
  return kind === 'id' ? idWriter(column.columnType) : writers[kind];
}

interface TextRules {
  limit: number;
  allowed: readonly string[] | undefined;
  /** Whether the character NUL is allowed. */
  nul: boolean;
}

function textWriter({ limit, allowed, nul }: TextRules): (value: unknown) => Written {
  const values = allowed === undefined || allowed.length === 0 ? undefined : new Set(allowed);
  return (value) => {
    const text = typeof value === 'string' ? value : plainText(value);
    if (typeof text === 'object') return text;
    // Synapse counts as Java does: UTF-16 units.
    if (text.length > limit) {
      return { reason: `has ${text.length} characters, the column holds ${limit}` };
    }
    if (isBroken(text)) return brokenText;
    if (!nul && text.includes('\0')) {
      return { reason: 'has the character NUL, which Synapse cannot store' };
    }
    return values === undefined || values.has(text) ? text : notAllowed(values);
  };
}

/** The number of allowed values that a message shows. */
const shownValues = 10;

function notAllowed(values: ReadonlySet<string>): Misfit {
  const list = [...values].slice(0, shownValues).map((value) => JSON.stringify(value));
  const more = values.size > shownValues ? `, ... (${values.size} values)` : '';
  return { reason: `is not one of the values of the column: ${list.join(', ')}${more}` };
}

function plainText(value: unknown): Written {
  if (typeof value === 'number' && Number.isFinite(value)) {
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return { reason: 'is not a text' };
}

function sizedJsonWriter(limit: number): (value: unknown) => Written {
  return (value) => {
    const text = writeJson(value);
    return typeof text === 'string' && text.length > limit
      ? { reason: `has ${text.length} characters as JSON, the column holds ${limit}` }
      : text;
  };
}

const writers: Readonly<
  Record<Exclude<CellKind, 'id' | 'json' | 'text'>, (value: unknown) => Written>
> = {
  boolean: writeBoolean,
  integer: writeLong,
  double: writeDouble,
  date: writeDate,
};

function writeBoolean(value: unknown): Written {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  const text = typeof value === 'string' ? strip(value).toLowerCase() : undefined;
  return text === 'true' || text === 'false' ? text : { reason: 'is not a boolean' };
}

function idWriter(type: ColumnType): (value: unknown) => Written {
  const write = type === 'ENTITYID' || type === 'ENTITYID_LIST' ? writeEntityId : writePlainId;
  return (value) => write(idText(value));
}

/** The id of a value: an id, or an object of Synapse that has one. */
function idText(value: unknown): string {
  if (typeof value === 'string') return strip(value);
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
  if (typeof value !== 'object' || value === null) return '';
  const { id, ownerId } = value as { id?: unknown; ownerId?: unknown };
  const own = id ?? ownerId;
  return typeof own === 'object' ? '' : idText(own);
}

function writeEntityId(text: string): Written {
  const [, digits, version] = /^(?:syn)?(\d+)(\.\d+)?$/i.exec(text) ?? [];
  if (digits === undefined) return { reason: 'is not an entity id, such as syn123' };
  if (version !== undefined) {
    return { reason: `has a version, which Synapse does not store: write syn${digits}` };
  }
  const id = writeLong(digits);
  return typeof id === 'string' ? `syn${id}` : id;
}

function writePlainId(text: string): Written {
  return /^\d+$/.test(text) ? writeLong(text) : { reason: 'is not an id, which has only digits' };
}
