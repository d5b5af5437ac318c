import { changeColumns, requireDoable } from '../../columns/changeColumns.js';
import type { ColumnsInput, StoredColumn, TableColumn } from '../../columns/columnModel.js';
import { mergeColumn } from '../../columns/mergeColumns.js';
import { isSameColumn, withoutId } from '../../columns/normalColumn.js';
import { planSchemaChange } from '../../columns/planSchemaChange.js';
import { readColumns, type ColumnDefinitions } from '../../columns/readColumns.js';
import type { SchemaPlan } from '../../columns/schemaPlan.js';
import { tableKind } from '../../columns/tableKinds.js';
import type { Context } from '../../context.js';
import { fetchBundle } from '../../entities/entityBundle.js';
import { rememberColumns, stateOfBundle, storedState } from '../../entities/storedState.js';
import { isTableEntity, type TableEntity } from '../../entities/tableClasses.js';
import { ArgumentError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { currentOf, type EntityRef } from '../../values/ids.js';
import { quoted } from '../../values/quoted.js';
import { shortName } from '../../values/shortName.js';

/** Changes of the columns of a table or view. Columns are named as they are before the change, except in `order`. */
export interface ColumnChanges {
  /** New columns. They come last, unless `order` names them. */
  add?: ColumnDefinitions;
  /** New names by old names. The values stay. */
  rename?: Readonly<Record<string, string>>;
  /**
   * New types, or other properties. What is not given stays, where the type allows it; `undefined` removes a property. Values
   * are converted.
   */
  retype?: ColumnsInput;
  /** Columns to remove with their values. */
  drop?: readonly string[];
  /** The names of columns, as they are after the change, that come first in this order. The others follow as they are. */
  order?: readonly string[];
}

/** Options of {@link alterTable}. */
export interface AlterOptions extends CommonOptions {
  /** Whether only to return the plan, and to change nothing. @default false */
  dryRun?: boolean;
}

/**
 * Changes the columns of a table or view. Columns that are renamed or retyped keep their values.
 *
 * @returns What was changed, or with `dryRun` what would be.
 * @throws {@link ArgumentError} for a column that does not exist, for an invalid one, and for a conversion that Synapse refuses.
 * Nothing is changed.
 * @throws {@link AsyncJobError} when a value cannot be converted. Nothing is changed.
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/transaction/async/start.html
 */
export async function alterTable(
  ctx: Context,
  table: EntityRef,
  changes: ColumnChanges,
  { dryRun = false, ...options }: AlterOptions = {},
): Promise<SchemaPlan> {
  const id = currentOf(table, 'only the current version of a table can be changed');
  if (typeof table === 'object') requireStored(table);
  // A wrong type or name in the changes is reported before anything is sent.
  const read = readChanges(changes);
  const { entity, columns = [] } = stateOfBundle(
    await fetchBundle(ctx, { id }, { signal: options.signal }),
  );
  const kind = tableKind(entity.concreteType);
  if (kind === undefined || kind.defined !== undefined) {
    throw new ArgumentError(
      `The columns of ${id} (${entity.name ?? ''}) cannot be changed: ${shortName(entity.concreteType)} has none, or they follow from its SQL.`,
    );
  }
  const isView = kind.view !== undefined;
  const plan = planSchemaChange(columns, columnsAfter(columns, read), { isView });
  if (!dryRun) requireDoable(plan);
  if (dryRun || plan.isEmpty) return plan;
  const after = await changeColumns(ctx, { id, plan }, options);
  if (typeof table === 'object' && isTableEntity(table)) rememberColumns(table, after);
  return plan;
}

/** The object gets the new columns, so it must not have other changes of its own. */
function requireStored(table: object): void {
  const columns = storedState(table)?.columns;
  if (columns === undefined || !isTableEntity(table)) return;
  const own: TableEntity = table;
  const given = readColumns(own.columns);
  const isSame =
    given.length === columns.length &&
    given.every((column, index) => {
      const stored = columns[index];
      return stored !== undefined && isSameColumn(column, stored);
    });
  if (isSame) return;
  throw new ArgumentError(
    `The columns of ${own.name ?? own.id ?? 'the table'} have changes that are not stored: store it, or pass its id.`,
  );
}

/** The changes with their columns read. */
interface ReadChanges {
  add: readonly TableColumn[];
  rename: ReadonlyMap<string, string>;
  retype: ReadonlyMap<string, TableColumn>;
  drop: ReadonlySet<string>;
  order: readonly string[];
}

function readChanges({ add, rename, retype, drop, order }: ColumnChanges): ReadChanges {
  const retyped = retype === undefined ? [] : readColumns(retype);
  const read: ReadChanges = {
    add: add === undefined ? [] : readColumns(add).map(withoutId),
    rename: new Map(Object.entries(rename ?? {})),
    retype: new Map(retyped.map((column) => [column.name, column])),
    drop: new Set(drop),
    order: order ?? [],
  };
  for (const name of read.drop) {
    const other = read.rename.has(name) ? 'renamed' : read.retype.has(name) ? 'retyped' : undefined;
    if (other !== undefined) {
      throw new ArgumentError(`Column ${quoted(name)} is both dropped and ${other}.`);
    }
    if (read.add.some((column) => column.name.trim() === name)) {
      throw new ArgumentError(
        `Column ${quoted(name)} is both dropped and added: use retype, which keeps its values, or make two changes.`,
      );
    }
  }
  return read;
}

function columnsAfter(before: readonly StoredColumn[], changes: ReadChanges): TableColumn[] {
  const { add, rename, retype, drop } = changes;
  requireNames(
    before.map(({ name }) => name),
    [...drop, ...rename.keys(), ...retype.keys()],
  );
  const kept = before
    .filter(({ name }) => !drop.has(name))
    .map((column) => {
      const given = retype.get(column.name);
      const changed = given === undefined ? column : mergeColumn(column, given);
      return { ...changed, name: rename.get(column.name) ?? column.name };
    });
  return inOrder([...kept, ...add], changes.order);
}

function requireNames(names: readonly string[], wanted: readonly string[]): void {
  const known = new Set(names);
  const missing = wanted.find((name) => !known.has(name));
  if (missing === undefined) return;
  const all = names.map((name) => quoted(name)).join(', ');
  throw new ArgumentError(`There is no column ${quoted(missing)}. There are: ${all || 'none'}.`);
}

function inOrder(columns: readonly TableColumn[], order: readonly string[]): TableColumn[] {
  const names = columns.map(({ name }) => name.trim());
  requireNames(names, order);
  const first = new Set(order);
  if (first.size < order.length) {
    throw new ArgumentError(`The order names a column twice: ${order.join(', ')}.`);
  }
  const byName = new Map(columns.map((column) => [column.name.trim(), column]));
  return [
    ...order.flatMap((name) => byName.get(name) ?? []),
    ...columns.filter(({ name }) => !first.has(name.trim())),
  ];
}
