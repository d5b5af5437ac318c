import { entityHooks } from '../../entities/entityHooks.js';
import { numericId } from '../../entities/entityIds.js';
import type { EntityRecord } from '../../entities/entityRecords.js';
import type { EntityFields } from '../../entities/entityTypes.js';
import { evaluationHooks } from '../../evaluations/evaluationHooks.js';
import type { World } from '../../world.js';
import type { StoredColumn } from '../columnModels.js';
import {
  appendValues,
  buildSearch,
  createStorage,
  dropStorage,
  physicalColumns,
  refreshSearch,
  storageName,
} from '../rowStorage.js';
import type { SqlValue } from '../sql/value.js';
import type { TableDatabase } from '../tableDatabase.js';
import { cellSource } from './viewCells.js';
import type { ViewKind, ViewObject } from './viewKind.js';

/** Rows of a view have etags and one benefactor, and can be recomputed at any time. */
export const viewStorage = { benefactors: 1, hasEtags: true, derived: true } as const;

/** The last computed rows of a view. */
export interface ViewState {
  readonly storage: number;
  /** Key of everything besides the objects that the rows depend on. */
  readonly definition: string;
  /** {@link ViewStates.tick} when the rows were computed. */
  readonly tick: number;
  readonly etag: string;
  readonly changedOn: string;
  /** Signatures of the rows by their ids. */
  readonly signatures: ReadonlyMap<number, string>;
}

/** A view whose rows are requested. */
export interface ViewRequest {
  readonly db: TableDatabase;
  readonly kind: ViewKind;
  readonly record: EntityRecord;
  readonly fields: EntityFields;
  readonly schema: readonly StoredColumn[];
}

/** Computes the rows of views when they are requested. Only changed rows are recomputed. */
export class ViewStates {
  readonly #world: World;
  readonly #states = new Map<number, ViewState>();
  /** Time of the first change after the last computation of a view, in milliseconds. */
  readonly #staleSince = new Map<number, number>();
  /** Ticks of the last benefactor updates of snapshots, by storage. */
  readonly #refreshed = new Map<number, number>();
  #tick = 0;

  constructor(world: World) {
    this.#world = world;
    entityHooks(world).onChange(() => this.#noteChange());
    evaluationHooks(world).onSubmissionChange(() => this.#noteChange());
  }

  /**
   * Updates and returns the rows of a view.
   *
   * @throws 400 when a value is too large for its column
   */
  current(request: ViewRequest): ViewState {
    const id = numericId(request.record.id);
    const state = this.#states.get(id);
    const definition = definitionOf(request);
    const isSame = state?.definition === definition;
    if (isSame && (state.tick === this.#tick || this.#lags(id))) {
      return state;
    }
    // Objects that are read now belong to this tick, even if their changes were not reported.
    const tick = this.#tick;
    const next = request.db.transaction(() =>
      isSame ? this.#update(request, state) : this.#build(request, definition, state),
    );
    this.#states.set(id, { ...next, tick });
    this.#staleSince.delete(id);
    return next;
  }

  /**
   * Updates the benefactors of the rows of a snapshot of a view. Its rows do not change otherwise.
   */
  refreshBenefactors(db: TableDatabase, kind: ViewKind, storage: number): void {
    if (this.#refreshed.get(storage) === this.#tick) {
      return;
    }
    const name = storageName(storage);
    db.transaction(() => {
      for (const row of db.all(`SELECT row_id, b0 FROM ${name}`)) {
        const id = Number(row['row_id']);
        const benefactor = kind.benefactorOf(this.#world, id);
        if (benefactor !== undefined && benefactor !== Number(row['b0'])) {
          db.run(`UPDATE ${name} SET b0 = ? WHERE row_id = ?`, [benefactor, id]);
        }
      }
    });
    this.#refreshed.set(storage, this.#tick);
  }

  /** Drops the rows of a view. */
  forget(db: TableDatabase, id: number): void {
    const state = this.#states.get(id);
    if (state !== undefined) {
      this.#states.delete(id);
      this.#staleSince.delete(id);
      dropStorage(db, state.storage);
    }
  }

  #noteChange(): void {
    this.#tick += 1;
    const now = this.#world.now().getTime();
    for (const id of this.#states.keys()) {
      if (!this.#staleSince.has(id)) {
        this.#staleSince.set(id, now);
      }
    }
  }

  /** Whether the view lag condition still hides the changes. */
  #lags(id: number): boolean {
    const { viewLag } = this.#world.conditions;
    const since = this.#staleSince.get(id);
    return viewLag > 0 && since !== undefined && this.#world.now().getTime() - since < viewLag;
  }

  #build(request: ViewRequest, definition: string, before: ViewState | undefined): ViewState {
    const { db, schema, fields } = request;
    if (before !== undefined) {
      dropStorage(db, before.storage);
    }
    const storage = createStorage(db, schema, viewStorage);
    const empty = { storage, definition, tick: 0, signatures: new Map<number, string>() };
    if (fields.isSearchEnabled === true) {
      buildSearch(db, storage, schema, viewStorage);
    }
    return this.#update(request, { ...empty, ...this.#stamp() });
  }

  #update(request: ViewRequest, before: ViewState): ViewState {
    const { db, kind, fields, schema } = request;
    const signatures = new Map<number, string>();
    const changed: number[] = [];
    const write = rowWriter(request, before.storage);
    for (const object of kind.objects(this.#world, fields)) {
      signatures.set(object.id, object.signature);
      if (before.signatures.get(object.id) !== object.signature) {
        write(object);
        changed.push(object.id);
      }
    }
    for (const id of before.signatures.keys()) {
      if (!signatures.has(id)) {
        db.run(`DELETE FROM ${storageName(before.storage)} WHERE row_id = ?`, [id]);
        changed.push(id);
      }
    }
    if (changed.length === 0) {
      return before;
    }
    if (fields.isSearchEnabled === true) {
      refreshSearch(db, before.storage, schema, { ...viewStorage, rowIds: changed });
    }
    return { ...before, ...this.#stamp(), signatures };
  }

  #stamp(): Pick<ViewState, 'changedOn' | 'etag'> {
    return { etag: this.#world.uuid(), changedOn: this.#world.timestamp() };
  }
}

function definitionOf({ fields, schema }: ViewRequest): string {
  const { scopeIds, items, viewTypeMask, type, isSearchEnabled } = fields;
  const columns = schema.map(({ id }) => id);
  return JSON.stringify([columns, isSearchEnabled, viewTypeMask, type, scopeIds, items]);
}

/** Writes objects as rows of a storage. */
function rowWriter(
  { db, kind, schema }: ViewRequest,
  storage: number,
): (object: ViewObject) => void {
  const sources = schema.map((column) => ({ column, cell: cellSource(kind, column) }));
  const names = ['row_id', 'row_version', 'row_etag', 'b0', ...schema.flatMap(physicalColumns)];
  const marks = names.map(() => '?').join(', ');
  const sql = `INSERT OR REPLACE INTO ${storageName(storage)} (${names.join(', ')}) VALUES (${marks})`;
  return (object) => {
    const values: SqlValue[] = [object.id, object.version, object.etag, object.benefactor];
    for (const { column, cell } of sources) {
      appendValues(values, column, cell(object));
    }
    db.run(sql, values);
  };
}
