import { entityHooks, type EntityChange } from '../entities/entityHooks.js';
import { numericId } from '../entities/entityIds.js';
import { findEntityRecord, findVersionRecord } from '../entities/entityRecords.js';
import { entityTypes } from '../entities/entityTypes.js';
import { ServiceError } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { finishRedo } from './redo.js';
import { buildSearch, dropDerivedStorages, dropStorage, searchName } from './rowStorage.js';
import { TableDatabase } from './tableDatabase.js';
import { schemaOf } from './tableState.js';
import { isStorageUsed, openMeta, removeTable, tablesWithRedo } from './tableMeta.js';
import { MaterializedViews } from './views/materializedViews.js';
import { ViewStates } from './views/viewStates.js';

/** The tables of a world, in a SQLite file that is opened at the first use. */
export class Tables {
  readonly world: World;
  readonly views: ViewStates;
  readonly materialized: MaterializedViews;
  #db: TableDatabase | undefined;

  constructor(world: World) {
    this.world = world;
    this.views = new ViewStates(world);
    this.materialized = new MaterializedViews(world);
    entityHooks(world).onChange((change) => this.#noteRemoval(change));
    world.onClose(() => this.close());
    // If a server was killed, its pending changes are completed before entities are read. Otherwise
    // SQLite is loaded at the first use.
    const { dataDir } = world.options;
    if (dataDir !== undefined && TableDatabase.wasLeftOpen(dataDir)) {
      this.#db = this.#open();
    }
  }

  /**
   * The database. Changes, and reads that must not see partial changes, must run in {@link
   * exclusive}.
   */
  get db(): TableDatabase {
    this.#db ??= this.#open();
    return this.#db;
  }

  /** Whether there are any rows. This does not load SQLite. */
  get hasFile(): boolean {
    const { dataDir } = this.world.options;
    return this.#db !== undefined || (dataDir !== undefined && TableDatabase.existsIn(dataDir));
  }

  /** Runs `work`, which may be asynchronous, while no other exclusive work runs. */
  exclusive<T>(work: (db: TableDatabase) => Promise<T> | T): Promise<T> {
    return this.db.exclusive(() => work(this.db));
  }

  /** @throws 503 when the server behaves as if its disk were full */
  requireSpace(): void {
    if (this.world.conditions.diskFull) {
      const reason = 'The server has no space left to store this. Nothing was changed.';
      throw new ServiceError(503, reason, { body: { reason } });
    }
  }

  async close(): Promise<void> {
    await this.#db?.close();
  }

  #open(): TableDatabase {
    const db = TableDatabase.open(this.world.options.dataDir);
    openMeta(db);
    for (const { tableId, redo } of tablesWithRedo(db)) {
      finishRedo(this.world, db, tableId, redo);
    }
    db.transaction(() => {
      dropDerivedStorages(db);
      this.#sweep(db);
      buildMissingSearch(this.world, db);
    });
    return db;
  }

  /** Deletes the rows of entities and versions that were deleted while SQLite was not loaded. */
  #sweep(db: TableDatabase): void {
    for (const row of db.all('SELECT table_id FROM tables UNION SELECT table_id FROM snapshots')) {
      const tableId = Number(row['table_id']);
      if (findEntityRecord(this.world, `syn${tableId}`) === undefined) {
        dropTable(db, tableId);
      }
    }
    for (const row of db.all('SELECT table_id, version FROM snapshots')) {
      const [tableId, version] = [Number(row['table_id']), Number(row['version'])];
      if (findVersionRecord(this.world, `syn${tableId}`, version) === undefined) {
        dropSnapshot(db, tableId, version);
      }
    }
  }

  #noteRemoval({ kind, entity }: EntityChange): void {
    const tableId = numericId(entity.record.id);
    const isRemoval = kind === 'purge' || kind === 'removeVersion';
    if (!this.hasFile || !isRemoval || !entityTypes[entity.record.type].tableLike) {
      return;
    }
    this.world.store.afterCommit(() => {
      const removal = this.exclusive((db) =>
        db.transaction(() => {
          this.views.forget(db, tableId);
          this.materialized.forget(db, tableId);
          this.#sweep(db);
        }),
      );
      // Remaining rows are deleted by the sweep at the next start.
      removal.catch(() => undefined);
    });
  }
}

/** Builds the full-text indexes that a repair of the file removed. */
function buildMissingSearch(world: World, db: TableDatabase): void {
  const rows = db.all(
    'SELECT storage, columns, has_etags FROM (SELECT storage, columns, 0 AS has_etags FROM tables WHERE search = 1 ' +
      'UNION SELECT storage, columns, has_etags FROM snapshots WHERE search = 1) ' +
      'WHERE storage IN (SELECT storage FROM storages)',
  );
  for (const row of rows) {
    const storage = Number(row['storage']);
    const found = db.get('SELECT 1 FROM sqlite_schema WHERE name = ?', [searchName(storage)]);
    if (found !== undefined) continue;
    const schema = schemaOf(world, JSON.parse(String(row['columns'])) as string[]);
    buildSearch(db, storage, schema, { hasEtags: row['has_etags'] === 1 });
  }
}

function dropTable(db: TableDatabase, tableId: number): void {
  for (const storage of removeTable(db, tableId)) {
    if (!isStorageUsed(db, storage)) {
      dropStorage(db, storage);
    }
  }
}

/** Deletes a snapshot, and its rows unless they are in use elsewhere. */
export function dropSnapshot(db: TableDatabase, tableId: number, version: number): void {
  const storages = db.all('SELECT storage FROM snapshots WHERE table_id = ? AND version = ?', [
    tableId,
    version,
  ]);
  db.run('DELETE FROM snapshots WHERE table_id = ? AND version = ?', [tableId, version]);
  for (const row of storages) {
    const storage = Number(row['storage']);
    if (!isStorageUsed(db, storage)) {
      dropStorage(db, storage);
    }
  }
}

const makeTables = (world: World): Tables => new Tables(world);

/** The tables of a world. */
export function tablesOf(world: World): Tables {
  return world.service(makeTables);
}
