import { numericId } from '../../entities/entityIds.js';
import type { World } from '../../world.js';
import type { StoredColumn } from '../columnModels.js';
import { buildSearch, createStorage, dropStorage, keepsKeys, storageName } from '../rowStorage.js';
import { translateSource } from '../sql/translateQuery.js';
import type { OutputColumn } from '../sql/translateSelect.js';
import type { TranslationEnvironment } from '../sql/translation.js';
import type { Statement } from '../sql/tree.js';
import { benefactorNames } from '../systemColumns.js';
import type { TableDatabase } from '../tableDatabase.js';

/** The last computed rows of a materialized view. */
export interface MaterializedState {
  readonly storage: number;
  readonly benefactors: number;
  readonly etag: string;
  readonly changedOn: string;
  /** Key of everything that the rows depend on. */
  readonly key: string;
}

/** A materialized view whose rows are requested. */
export interface MaterializedRequest {
  readonly db: TableDatabase;
  readonly id: string;
  readonly definingSql: string;
  readonly statement: Statement;
  readonly search: boolean;
  readonly schema: readonly StoredColumn[];
  /** Etags of the tables that the view reads. */
  readonly dependencies: readonly { readonly name: string; readonly etag: string }[];
  readonly environment: TranslationEnvironment;
}

/** Computes the rows of materialized views when their sources have changed. */
export class MaterializedViews {
  readonly #world: World;
  readonly #states = new Map<number, MaterializedState>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Updates and returns the rows of a view. @throws SqlError when they cannot be computed */
  current(request: MaterializedRequest): MaterializedState {
    const id = numericId(request.id);
    const key = keyOf(request);
    const state = this.#states.get(id);
    if (state?.key === key) {
      return state;
    }
    const { db } = request;
    const next = db.transaction(() => {
      if (state !== undefined) {
        dropStorage(db, state.storage);
      }
      return this.#build(request, key);
    });
    this.#states.set(id, next);
    return next;
  }

  /** Drops the rows of a view. */
  forget(db: TableDatabase, id: number): void {
    const state = this.#states.get(id);
    if (state !== undefined) {
      this.#states.delete(id);
      dropStorage(db, state.storage);
    }
  }

  #build(request: MaterializedRequest, key: string): MaterializedState {
    const { db, statement, environment, schema, search } = request;
    const source = translateSource(statement, environment);
    const { benefactors } = source;
    const storage = createStorage(db, schema, { benefactors, hasEtags: false, derived: true });
    const cells = source.columns.map((column, index) => cellsOf(column, index, schema[index]));
    const names = [...cells.flatMap(({ names: own }) => own), ...benefactorNames(benefactors)];
    const values = [...cells.flatMap(({ values: own }) => own), ...benefactorNames(benefactors)];
    db.run(
      `INSERT INTO ${storageName(storage)} (row_version, ${names.join(', ')}) ` +
        `SELECT 0, ${values.join(', ')} FROM (${source.sql}) WHERE syn_work(1, x0 IS NULL)`,
      source.parameters,
    );
    if (search) {
      buildSearch(db, storage, schema, { hasEtags: false });
    }
    const etag = this.#world.uuid();
    return { storage, benefactors, key, etag, changedOn: this.#world.timestamp() };
  }
}

function keyOf({ definingSql, search, schema, dependencies }: MaterializedRequest): string {
  return JSON.stringify([definingSql, search, schema.map(({ id }) => id), dependencies]);
}

/** The SQLite columns of a result column, with their expressions. */
function cellsOf(
  output: OutputColumn,
  index: number,
  column: StoredColumn | undefined,
): { names: string[]; values: string[] } {
  if (column === undefined) {
    return { names: [], values: [] };
  }
  const names = [`c${column.id}`];
  const values = [`x${index}`];
  if (keepsKeys(column) && (output.kind === 'text' || output.kind === 'list')) {
    names.push(`k${column.id}`);
    // Text that is its own key has no stored key.
    values.push(`nullif(x${index}k, x${index})`);
  }
  if (column.columnType === 'DOUBLE' && output.kind === 'double') {
    names.push(`n${column.id}`);
    values.push(`x${index}n`);
  }
  return { names, values };
}
