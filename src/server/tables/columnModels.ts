import { createHash } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import {
  defaultStringSize,
  maxColumns,
  maxEnumValues,
  maxListLength,
  maxNameLength,
  maxRowBytes,
  maxRowBytesOf,
  maxStringSize,
  reservedColumnNames,
} from './columnLimits.js';
import { CellError, normalizeValue } from './columnValues.js';
import { isListType } from './sql/columnTypes.js';

/** A stored column model. */
export interface StoredColumn extends M.ColumnModel {
  readonly id: string;
  readonly name: string;
  readonly columnType: M.ColumnType;
}

interface ColumnRecord {
  readonly hash: string;
  readonly model: StoredColumn;
}

interface Columns {
  readonly all: Collection<ColumnRecord>;
  readonly byHash: Index<ColumnRecord>;
}

function columnsOf(world: World): Columns {
  const all = world.store.collection<ColumnRecord>('columnModels');
  return { all, byHash: all.index('hash', ({ hash }) => hash) };
}

/** Types without default values. */
const withoutDefault: ReadonlySet<M.ColumnType> = new Set([
  'ENTITYID',
  'SUBMISSIONID',
  'EVALUATIONID',
  'FILEHANDLEID',
  'USERID',
  'MEDIUMTEXT',
  'LARGETEXT',
  'ENTITYID_LIST',
  'USERID_LIST',
] satisfies M.ColumnType[]);

/** Types for which an empty default is a value. It is not valid for the last two. */
const keepsBlankDefault: ReadonlySet<M.ColumnType> = new Set([
  'STRING',
  'LINK',
  'STRING_LIST',
  'JSON',
] satisfies M.ColumnType[]);

/**
 * Creates column models. An equal existing model is reused, because models are immutable and shared
 * by all users.
 *
 * @throws 400 for an invalid model, 403 for the anonymous user
 * @see https://rest-docs.synapse.org/rest/POST/column/batch.html
 */
export function createColumns(
  world: World,
  caller: Caller,
  models: readonly M.ColumnModel[],
): StoredColumn[] {
  if (caller.isAnonymous) {
    throw forbidden('You must login to create a ColumnModel');
  }
  const normal = models.map(normalizeColumn);
  return normal.map((model) => storeColumn(world, model));
}

/** Returns the stored model of a column that the server defines, e.g. of a view. */
export function ensureColumn(world: World, model: M.ColumnModel): StoredColumn {
  return storeColumn(world, normalizeColumn(model));
}

function storeColumn(world: World, model: NormalColumn): StoredColumn {
  const { all, byHash } = columnsOf(world);
  const hash = createHash('sha256')
    .update(JSON.stringify(sorted(model)))
    .digest('hex');
  const known = byHash.first(hash);
  if (known !== undefined) {
    return known.model;
  }
  const id = String(world.store.sequence('columnModels')());
  const stored: StoredColumn = { ...model, id };
  all.put(id, { hash, model: stored });
  return stored;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

type NormalColumn = Omit<StoredColumn, 'id'>;

/** The normalized form of a model, in which equal models are identical. @throws 400 */
export function normalizeColumn(model: M.ColumnModel): NormalColumn {
  const name = checkColumnName(model.name);
  const { columnType } = model;
  if (columnType === undefined) {
    throw badRequest('ColumnModel.columnType cannot be null');
  }
  checkFacetType(columnType, model.facetType);
  for (const subColumn of model.jsonSubColumns ?? []) {
    if (subColumn.columnType !== undefined) {
      checkFacetType(subColumn.columnType, subColumn.facetType);
    }
  }
  const maximumSize = normalSize(columnType, model.maximumSize);
  const maximumListLength = normalListLength(columnType, model.maximumListLength);
  const sized = {
    columnType,
    ...(maximumSize !== undefined && { maximumSize }),
    ...(maximumListLength !== undefined && { maximumListLength }),
  };
  const enumValues = normalEnum(model.enumValues, sized);
  const defaultValue = normalDefault(model.defaultValue, {
    ...sized,
    ...(enumValues !== undefined && { enumValues }),
  });
  const { facetType, facetSortConfig } = model;
  const jsonSubColumns = normalSubColumns(columnType, model.jsonSubColumns);
  return {
    name,
    ...sized,
    ...(facetType !== undefined && { facetType }),
    ...(facetSortConfig !== undefined && { facetSortConfig }),
    ...(defaultValue !== undefined && { defaultValue }),
    ...(enumValues !== undefined && { enumValues }),
    ...(jsonSubColumns !== undefined && { jsonSubColumns }),
  };
}

function checkColumnName(given: string | undefined): string {
  const name = given?.trim();
  if (name === undefined || name === '') {
    throw badRequest('name is required.');
  }
  if (name.length > maxNameLength) {
    throw badRequest(`Column name must be: ${maxNameLength} characters or less.`);
  }
  if (reservedColumnNames.has(name.toUpperCase())) {
    throw badRequest(`The column name: ${name} is a system reserved column name.`);
  }
  return name;
}

function checkFacetType(columnType: M.ColumnType, facetType: M.FacetType | undefined): void {
  if (facetType === undefined || columnType === 'INTEGER' || columnType === 'STRING') {
    return;
  }
  if (columnType === 'DOUBLE' || columnType === 'DATE') {
    if (facetType !== 'range') {
      throw badRequest('Date columns can only be ranges');
    }
    return;
  }
  const enumerable =
    columnType === 'USERID' ||
    columnType === 'ENTITYID' ||
    columnType === 'SUBMISSIONID' ||
    columnType === 'EVALUATIONID' ||
    columnType === 'BOOLEAN' ||
    isListType(columnType);
  if (!enumerable) {
    throw badRequest(`The ColumnType:${columnType} can not be faceted`);
  }
  if (facetType !== 'enumeration') {
    throw badRequest(`${columnType} columns can only be enumeration faceted`);
  }
}

/** Whether a column of a type may have a facet of a kind. */
export function canBeFaceted(columnType: M.ColumnType, facetType: M.FacetType): boolean {
  try {
    checkFacetType(columnType, facetType);
    return true;
  } catch {
    return false;
  }
}

/** The sub-columns of a JSON column; an empty list is none. @throws 400 */
function normalSubColumns(
  columnType: M.ColumnType,
  subColumns: readonly M.JsonSubColumnModel[] | undefined,
): M.JsonSubColumnModel[] | undefined {
  if (subColumns === undefined) {
    return undefined;
  }
  if (columnType !== 'JSON') {
    throw badRequest('JsonSubColumns can only set for a column of type: JSON');
  }
  const paths = new Set<string | undefined>();
  for (const subColumn of subColumns) {
    const { jsonPath } = subColumn;
    if (paths.has(jsonPath)) {
      throw badRequest(`Duplicate jsonPath found in jsonSubColumns: '${jsonPath ?? 'null'}'`);
    }
    paths.add(jsonPath);
    checkSubColumn(subColumn);
  }
  return subColumns.length === 0 ? undefined : [...subColumns];
}

function checkSubColumn(subColumn: M.JsonSubColumnModel): void {
  for (const member of ['name', 'jsonPath', 'columnType'] as const) {
    if (subColumn[member] === undefined) {
      throw badRequest(`JsonSubColumnModel.${member} is required.`);
    }
  }
  const { columnType } = subColumn;
  if (columnType === 'JSON') {
    throw badRequest('The columnType of a JsonSubColumnModel cannot be JSON.');
  }
  if (columnType !== undefined && isListType(columnType)) {
    throw badRequest('The columnType of a JsonSubColumnModel cannot be a list.');
  }
}

function normalSize(type: M.ColumnType, size: number | undefined): number | undefined {
  if (type !== 'STRING' && type !== 'LINK' && type !== 'STRING_LIST') {
    return size;
  }
  if (size === undefined) {
    return defaultStringSize;
  }
  if (size > maxStringSize) {
    throw badRequest(`ColumnModel.maxSize for a STRING cannot exceed: ${maxStringSize}`);
  }
  if (size < 1) {
    throw badRequest('ColumnModel.maxSize for a STRING must be greater than 0');
  }
  return size;
}

function normalListLength(type: M.ColumnType, length: number | undefined): number | undefined {
  if (!isListType(type)) {
    return length;
  }
  if (length === undefined) {
    return maxListLength;
  }
  if (length > maxListLength) {
    throw badRequest(
      `ColumnModel.maximumListLength for a LIST column cannot exceed: ${maxListLength}`,
    );
  }
  if (length < 2) {
    throw badRequest('ColumnModel.maximumListLength for a LIST column must be at least 2');
  }
  return length;
}

type SizedColumn = Parameters<typeof normalizeValue>[1];

function normalEnum(
  values: readonly string[] | undefined,
  column: SizedColumn,
): string[] | undefined {
  if (values === undefined) {
    return undefined;
  }
  if (values.length > maxEnumValues) {
    throw badRequest(
      `Maximum allowed enum values is ${maxEnumValues}. This enum has ${values.length} values`,
    );
  }
  const normal = values
    .map((value) => value.trim())
    .filter((value) => value !== '' || column.columnType === 'STRING')
    .flatMap((value) => (value === '' ? value : (checkedValue(value, column) ?? [])))
    .sort();
  return normal.length === 0 ? undefined : normal;
}

function normalDefault(value: string | undefined, column: SizedColumn): string | undefined {
  const text = value?.trim();
  const { columnType } = column;
  if (text === undefined || columnType === undefined) {
    return undefined;
  }
  if (text === '' && !keepsBlankDefault.has(columnType)) {
    return undefined;
  }
  if (withoutDefault.has(columnType)) {
    throw badRequest(`Columns of type ${columnType} cannot have default values.`);
  }
  return checkedValue(text, column);
}

function checkedValue(text: string, column: SizedColumn): string | undefined {
  try {
    return normalizeValue(text, column);
  } catch (error) {
    throw error instanceof CellError ? badRequest(error.message) : error;
  }
}

/** @throws 404 when there is no such column */
export function getColumn(world: World, id: string): StoredColumn {
  const record = columnsOf(world).all.get(id.trim());
  if (record === undefined) {
    throw notFound(`Column does not exist for id: ${id}`);
  }
  return record.model;
}

/** A column, if it exists. */
export function findColumn(world: World, id: string): StoredColumn | undefined {
  return columnsOf(world).all.get(id)?.model;
}

/** Columns whose names begin with a prefix (in any case), by name. */
export function columnsWithPrefix(world: World, prefix: string): StoredColumn[] {
  const lower = prefix.toLowerCase();
  return [...columnsOf(world).all.values()]
    .map(({ model }) => model)
    .filter(({ name }) => name.toLowerCase().startsWith(lower))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : Number(a.id) - Number(b.id)));
}

/**
 * The columns of a schema, in order.
 *
 * @throws 404 for an unknown column, 400 for duplicates, too many columns or too wide rows
 */
export function getSchema(world: World, ids: readonly string[]): StoredColumn[] {
  if (ids.length > maxColumns) {
    throw badRequest(`Too many columns. The limit is ${maxColumns} columns per table`);
  }
  const schema = ids.map((id) => getColumn(world, id));
  const seenIds = new Set<string>();
  const seenNames = new Set<string>();
  for (const { id, name } of schema) {
    if (seenIds.has(id)) {
      throw badRequest(`Duplicate column: '${name}'`);
    }
    if (seenNames.has(name)) {
      throw badRequest(`Duplicate column name: '${name}'`);
    }
    seenIds.add(id);
    seenNames.add(name);
  }
  const bytes = maxRowBytesOf(schema);
  if (bytes > maxRowBytes) {
    throw badRequest(
      `Too much data per column. The maximum size for a row is about ${maxRowBytes} bytes. ` +
        `The size for the given columns would be ${bytes} bytes`,
    );
  }
  return schema;
}
