import { numericId, parseIdAndVersion } from '../entities/entityIds.js';
import type { EntityRecord } from '../entities/entityRecords.js';
import { getVersionRecord } from '../entities/entityRecords.js';
import type { EntityFields } from '../entities/entityTypes.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { StoredColumn } from './columnModels.js';
import { searchName, sourceColumn, storageName, type StorageKind } from './rowStorage.js';
import { sourceTables } from './sql/selectFacts.js';
import type { TableSource } from './sql/scope.js';
import type { CatalogEntry, TranslationEnvironment } from './sql/translation.js';
import { benefactorNames, systemColumns } from './systemColumns.js';
import { requireQueryAccess } from './tableAccess.js';
import type { TableDatabase } from './tableDatabase.js';
import { findSnapshot } from './tableMeta.js';
import type { Tables } from './tables.js';
import { currentTable, schemaOf } from './tableState.js';
import { maySee } from './views/benefactors.js';
import {
  checkPath,
  columnById,
  currentSchema,
  isDefinedType,
  parseDefinition,
} from './views/definingSql.js';
import { viewKindOf } from './views/viewKinds.js';
import { viewStorage } from './views/viewStates.js';

/** A table, view or snapshot that a query may read. */
export interface OpenedTable {
  /** `syn1` or `syn1.2`, as in the query. */
  readonly name: string;
  readonly record: EntityRecord;
  readonly entry: CatalogEntry;
  readonly schema: readonly StoredColumn[];
  readonly etag: string;
  /** When rows or schema last changed. */
  readonly changedOn: string;
}

/** Opens the tables that a caller reads. Must be used in an exclusive section. */
export class TableOpener {
  readonly #tables: Tables;
  readonly #db: TableDatabase;
  readonly #caller: Caller;
  /** Tables whose definitions are being resolved. */
  readonly #visited: ReadonlySet<string>;
  /**
   * A statement may refer to a table many times and in many ways, and it does not change in an
   * exclusive section.
   */
  readonly #opened: Map<string, OpenedTable>;

  constructor(
    tables: Tables,
    db: TableDatabase,
    caller: Caller,
    visited: ReadonlySet<string> = new Set(),
    opened = new Map<string, OpenedTable>(),
  ) {
    this.#tables = tables;
    this.#db = db;
    this.#caller = caller;
    this.#visited = visited;
    this.#opened = opened;
  }

  /** The translation environment of a query. */
  environment(): TranslationEnvironment {
    const { world } = this.#tables;
    return {
      table: (name) => this.open(name).entry,
      columnById: (id) => columnById(world, id),
      userId: this.#caller.userId,
      now: world.now().getTime(),
    };
  }

  /**
   * Opens a table for a query.
   *
   * @throws 400 for an entity that is not a table and a version that is no snapshot, 403 and 404
   * without access, 404 for an unknown version
   */
  open(name: string): OpenedTable {
    const table = this.#opened.get(name) ?? this.#open(name);
    this.#opened.set(name, table);
    return table;
  }

  #open(name: string): OpenedTable {
    const { world } = this.#tables;
    const { id, version } = parseIdAndVersion(name);
    const record = requireQueryAccess(world, this.#caller, id);
    checkPath(this.#visited, id);
    const number = version ?? record.currentVersion;
    const { fields } = getVersionRecord(world, record, number);
    const target = { name: version === undefined ? id : `${id}.${version}`, record, fields };
    if (isDefinedType(record.type)) {
      return this.#openDefined(target);
    }
    // The version that is being worked on has rows of its own only once it is a snapshot.
    if (version !== undefined) {
      return this.#openSnapshot({ ...target, number });
    }
    return record.type === 'table' ? this.#openTable(target) : this.#openView(target);
  }

  #openTable({ name, record }: Target): OpenedTable {
    const { meta, schema } = currentTable(this.#tables.world, this.#db, record);
    const kind = { benefactors: 0, hasEtags: false };
    return this.#stored({ name, record }, schema, { ...meta, kind });
  }

  #openView({ name, record, fields }: Target): OpenedTable {
    const kind = viewKindOf(record.type);
    if (kind === undefined) {
      throw badRequest(`${record.id} is not a table or view`);
    }
    const schema = schemaOf(this.#tables.world, fields.columnIds ?? []);
    const request = { db: this.#db, kind, record, fields, schema };
    const state = this.#tables.views.current(request);
    const search = fields.isSearchEnabled ?? false;
    return this.#stored({ name, record }, schema, { ...state, search, kind: viewStorage });
  }

  #openSnapshot({ name, record, number }: Target & { readonly number: number }): OpenedTable {
    const meta = findSnapshot(this.#db, numericId(record.id), number);
    const kind = viewKindOf(record.type);
    if (meta === undefined) {
      throw badRequest(
        kind === undefined
          ? `Snapshot for ${name} does not exist`
          : `Snapshot not found for: ${name}`,
      );
    }
    if (kind !== undefined) {
      this.#tables.views.refreshBenefactors(this.#db, kind, meta.storage);
    }
    const schema = schemaOf(this.#tables.world, meta.columns);
    return this.#stored({ name, record }, schema, { ...meta, kind: meta });
  }

  #openDefined({ name, record, fields }: Target): OpenedTable {
    const { world } = this.#tables;
    const { definingSQL = '', isSearchEnabled: search = false } = fields;
    const type = record.type === 'virtualtable' ? 'virtualtable' : 'materializedview';
    const statement = parseDefinition(type, definingSQL);
    const visited = new Set([...this.#visited, record.id]);
    const inner = new TableOpener(this.#tables, this.#db, this.#caller, visited, this.#opened);
    // All of these tables are opened, even if the statement does not use their rows: the caller
    // must have access to all of them.
    const sources = sourceTables(statement).map((source) => inner.open(source));
    const schema = currentSchema(world, record, fields);
    if (type === 'virtualtable') {
      const columnIds = schema.map(({ id }) => id);
      const etag = sources.map((source) => source.etag).join('-');
      const changedOn = latest(sources);
      const entry = { kind: 'virtual' as const, name, statement, columnIds };
      return { name, record, entry, schema, etag, changedOn };
    }
    const state = this.#tables.materialized.current({
      db: this.#db,
      id: record.id,
      definingSql: definingSQL,
      statement,
      search,
      schema,
      dependencies: sources.map(({ name: source, etag }) => ({ name: source, etag })),
      environment: inner.environment(),
    });
    const kind = { benefactors: state.benefactors, hasEtags: false };
    return this.#stored({ name, record }, schema, { ...state, search, kind });
  }

  #stored(
    { name, record }: Pick<Target, 'name' | 'record'>,
    schema: readonly StoredColumn[],
    rows: StoredRows,
  ): OpenedTable {
    const { storage, search, etag, changedOn, kind } = rows;
    const from = storageName(storage);
    const source: TableSource = {
      name,
      from,
      columns: schema.map(sourceColumn),
      system: systemColumns(kind.hasEtags, kind.benefactors),
      benefactors: benefactorNames(kind.benefactors),
      ...(kind.benefactors > 0 && { visible: this.#visible(from, kind.benefactors) }),
      ...(search && { search: searchName(storage) }),
    };
    return { name, record, entry: { kind: 'stored', source }, schema, etag, changedOn };
  }

  /** Which benefactors of the rows of a storage the caller may see. */
  #visible(from: string, count: number): number[] {
    const parts = benefactorNames(count).map((name) => `SELECT ${name} AS b FROM ${from}`);
    const found = this.#db.all(parts.join(' UNION ')).map((row) => Number(row['b']));
    return found.filter((benefactor) => maySee(this.#tables.world, this.#caller, benefactor));
  }
}

/** The meaning of a table name in a query. */
interface Target {
  readonly name: string;
  readonly record: EntityRecord;
  readonly fields: EntityFields;
}

/** Rows in a storage. */
interface StoredRows {
  readonly storage: number;
  readonly search: boolean;
  readonly etag: string;
  readonly changedOn: string;
  readonly kind: Pick<StorageKind, 'benefactors' | 'hasEtags'>;
}

function latest(sources: readonly OpenedTable[]): string {
  return sources.reduce((last, { changedOn }) => (changedOn > last ? changedOn : last), '');
}
