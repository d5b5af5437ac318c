import type * as M from '../../../generated/models.js';
import { hasAccess, requireAccess } from '../access/requireAccess.js';
import { numericId, parseEntityReference } from '../entities/entityIds.js';
import type { EntityRecord } from '../entities/entityRecords.js';
import { getVersionRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import { findColumn, type StoredColumn } from './columnModels.js';
import { searchName, sourceColumn, storageName } from './rowStorage.js';
import { parseStatement } from './sql/parseQuery.js';
import type { SourceColumn, TableSource } from './sql/scope.js';
import type { CatalogEntry, TranslationEnvironment } from './sql/translation.js';
import type { TableDatabase } from './tableDatabase.js';
import type { SnapshotMeta } from './tableMeta.js';
import { findSnapshot } from './tableMeta.js';
import { currentTable, schemaOf } from './tableState.js';
import type { Tables } from './tables.js';

/** A table, view or snapshot that a query may read. */
export interface OpenedTable {
  /** `syn1` or `syn1.2`, as the query has it. */
  readonly name: string;
  readonly record: EntityRecord;
  readonly entry: CatalogEntry;
  readonly schema: readonly StoredColumn[];
  readonly etag: string;
  /** When rows or schema last changed. */
  readonly changedOn: string;
}

/** How views get their rows; see `views/`. */
export interface ViewRows {
  /** The rows of a view as they are now. */
  readonly source: TableSource;
  readonly etag: string;
  readonly changedOn: string;
}

/** Opens the current rows of a kind of view. */
export type ViewOpener = (request: {
  readonly tables: Tables;
  readonly db: TableDatabase;
  readonly caller: Caller;
  readonly record: EntityRecord;
  readonly schema: readonly StoredColumn[];
  readonly name: string;
}) => ViewRows;

const viewOpeners = new Map<M.EntityType, ViewOpener>();

/** Says how views of a type get their rows. */
export function defineViewOpener(type: M.EntityType, opener: ViewOpener): void {
  viewOpeners.set(type, opener);
}

/** Types that a query may read. */
const tableTypes: ReadonlySet<M.EntityType> = new Set<M.EntityType>([
  'table',
  'entityview',
  'submissionview',
  'dataset',
  'datasetcollection',
  'materializedview',
  'virtualtable',
]);

/** Whether queries can read entities of a type. */
export function isTableType(type: M.EntityType): boolean {
  return tableTypes.has(type);
}

/** @throws 400 for an entity that is no table */
export function requireTableType(record: EntityRecord): void {
  if (!isTableType(record.type)) {
    throw badRequest(`${record.id} is not a table or view`);
  }
}

/** @throws 404 or 403 unless the caller may query the table */
export function requireQueryAccess(tables: Tables, caller: Caller, id: string): EntityRecord {
  const record = requireAccess(tables.world, caller, id, 'READ');
  requireTableType(record);
  // Rows of a view are other entities, whose permissions decide; those of a table are its data.
  return record.type === 'table' ? requireAccess(tables.world, caller, id, 'DOWNLOAD') : record;
}

/**
 * Opens a table for a query, in the turn of its caller.
 *
 * @throws 400 for what is no table, 403 and 404 without access, 404 for an unknown snapshot
 */
export function openTable(
  tables: Tables,
  db: TableDatabase,
  caller: Caller,
  name: string,
): OpenedTable {
  const { id, version } = parseEntityReference(name);
  const record = requireQueryAccess(tables, caller, id);
  const number = version ?? record.currentVersion;
  const { fields } = getVersionRecord(tables.world, record, number);
  const shown = version === undefined ? id : `${id}.${version}`;
  if (record.type === 'virtualtable') {
    return openVirtual(tables, db, caller, { name: shown, record, fields });
  }
  if (number !== record.currentVersion) {
    return openSnapshot(tables, db, caller, { name: shown, record, number });
  }
  if (record.type === 'table') {
    const { meta, schema } = currentTable(tables.world, db, record);
    const source = {
      name: shown,
      from: storageName(meta.storage),
      columns: schema.map(sourceColumn),
      system: systemColumns(false, 0),
      benefactors: [],
      ...(meta.search && { search: searchName(meta.storage) }),
    };
    const { etag, changedOn } = meta;
    return { name: shown, record, entry: { kind: 'stored', source }, schema, etag, changedOn };
  }
  const opener = viewOpeners.get(record.type);
  if (opener === undefined) {
    throw badRequest(`${id} is not a table or view`);
  }
  const schema = schemaOf(tables.world, fields.columnIds ?? []);
  const rows = opener({ tables, db, caller, record, schema, name: shown });
  const { source, etag, changedOn } = rows;
  return { name: shown, record, entry: { kind: 'stored', source }, schema, etag, changedOn };
}

interface Requested {
  readonly name: string;
  readonly record: EntityRecord;
}

function openSnapshot(
  tables: Tables,
  db: TableDatabase,
  caller: Caller,
  { name, record, number }: Requested & { readonly number: number },
): OpenedTable {
  const meta = findSnapshot(db, numericId(record.id), number);
  if (meta === undefined) {
    throw notFound(`Snapshot not found for: ${name}`);
  }
  const schema = schemaOf(tables.world, meta.columns);
  const source = {
    name,
    from: storageName(meta.storage),
    columns: schema.map(sourceColumn),
    system: systemColumns(meta.hasEtags, meta.benefactors),
    benefactors: benefactorNames(meta.benefactors),
    ...(meta.benefactors > 0 && { visible: visibleIn(tables, db, caller, meta) }),
    ...(meta.search && { search: searchName(meta.storage) }),
  };
  const { etag, changedOn } = meta;
  return { name, record, entry: { kind: 'stored', source }, schema, etag, changedOn };
}

function visibleIn(
  tables: Tables,
  db: TableDatabase,
  caller: Caller,
  { storage, benefactors }: SnapshotMeta,
): number[] {
  return visibleBenefactors(tables, db, caller, storageName(storage), benefactors);
}

function openVirtual(
  tables: Tables,
  db: TableDatabase,
  caller: Caller,
  {
    name,
    record,
    fields,
  }: Requested & { readonly fields: { definingSQL?: string; columnIds?: readonly string[] } },
): OpenedTable {
  const statement = parseStatement(fields.definingSQL ?? '');
  const { from } = statement.query.first;
  const inner = statement.with?.query.first.from ?? from;
  const table = openTable(
    tables,
    db,
    caller,
    inner.kind === 'join' ? inner.right.name : inner.name,
  );
  return {
    name,
    record,
    entry: { kind: 'virtual', name, statement },
    schema: schemaOf(tables.world, fields.columnIds ?? []),
    etag: table.etag,
    changedOn: table.changedOn,
  };
}

/** `ROW_ID` and its like, as columns. */
export function systemColumns(hasEtags: boolean, benefactors: number): SourceColumn[] {
  const columns: SourceColumn[] = [
    { name: 'ROW_ID', type: 'INTEGER', sql: 'row_id' },
    { name: 'ROW_VERSION', type: 'INTEGER', sql: 'row_version' },
  ];
  if (hasEtags) {
    columns.push({ name: 'ROW_ETAG', type: 'STRING', maximumSize: 36, sql: 'row_etag' });
  }
  if (benefactors > 0) {
    columns.push({ name: 'ROW_BENEFACTOR', type: 'INTEGER', sql: 'b0' });
  }
  return columns;
}

export function benefactorNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `b${index}`);
}

/** Which benefactors of the rows of a storage the caller may read; -1 stands for nobody's rows. */
export function visibleBenefactors(
  tables: Tables,
  db: TableDatabase,
  caller: Caller,
  from: string,
  count: number,
): number[] {
  const parts = benefactorNames(count).map((name) => `SELECT ${name} AS b FROM ${from}`);
  const found = db.all(parts.join(' UNION ')).map((row) => Number(row['b']));
  return found.filter((id) => id < 0 || hasAccess(tables.world, caller, `syn${id}`, 'READ'));
}

/** What the translation of a query may look up. */
export function queryEnvironment(
  tables: Tables,
  db: TableDatabase,
  caller: Caller,
): TranslationEnvironment {
  const { world } = tables;
  return {
    table: (name) => openTable(tables, db, caller, name).entry,
    columnById: (id) => {
      const column = findColumn(world, id);
      return column === undefined ? undefined : { id, name: column.name, type: column.columnType };
    },
    userId: caller.userId,
    now: world.now().getTime(),
  };
}
