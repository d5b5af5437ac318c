import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';
import { stringifyJson } from '../values/json.js';
import { isConvertible } from './columnFacts.js';
import type { StoredColumn, TableColumn } from './columnModel.js';
import { normalColumn, isSameColumn } from './normalColumn.js';
import { readColumns, type ColumnDefinitions } from './readColumns.js';
import { SchemaPlan, type ColumnPair, type SchemaChange } from './schemaPlan.js';

/** How {@link planSchemaChange} compares. */
export interface PlanOptions {
  /** Whether the columns are those of a view, which shows values that are kept elsewhere. @default false */
  isView?: boolean;
}

/**
 * Compares the columns that a table has with those that it should have. Nothing is sent.
 *
 * A column keeps its values when it is recognized: by its id, or else by its name. So a column that was read, and whose name was
 * changed, is renamed.
 *
 * @example
 * const columns = await syn.tables.columns('syn789');
 * const plan = planSchemaChange(columns, columns.map((column) => ({ ...column, name: column.name.toLowerCase() })));
 * console.log(String(plan));
 *
 * @param before - The columns of the table.
 * @param after - The columns that it should have, in their order.
 * @throws {@link ArgumentError} when two columns have the id of one, and for a type that does not exist.
 */
export function planSchemaChange(
  before: readonly StoredColumn[],
  after: ColumnDefinitions,
  { isView = false }: PlanOptions = {},
): SchemaPlan {
  const pairs = pairColumns(before, readColumns(after));
  const changes = pairs.flatMap((pair) => changesOf(pair, isView));
  const order = orderChange(before, pairs);
  return new SchemaPlan({ changes: order ? [...changes, order] : changes, pairs, before, isView });
}

/** Pairs the columns before and after; those that are dropped come last. */
function pairColumns(before: readonly StoredColumn[], after: readonly TableColumn[]): ColumnPair[] {
  const found = new Map<TableColumn, StoredColumn>();
  const free = new Set(before);
  const claim = (matches: (one: StoredColumn, column: TableColumn) => boolean): void => {
    for (const column of after) {
      if (found.has(column)) continue;
      const match = before.find((one) => matches(one, column));
      if (match === undefined || !free.has(match)) continue;
      found.set(column, match);
      free.delete(match);
    }
  };
  claim((one, { id, name }) => one.id === id && one.name === name.trim());
  checkUnique(
    after.filter(
      (column) => !found.has(column) && before.some((one) => one.id === column.id && free.has(one)),
    ),
  );
  claim((one, { id }) => one.id === id);
  claim((one, { name }) => one.name === name.trim());
  const kept = after.map((column) => ({ before: found.get(column), after: column }));
  return [...kept, ...before.filter((one) => free.has(one)).map((one) => ({ before: one }))];
}

function checkUnique(renamed: readonly TableColumn[]): void {
  const names = new Map<string | undefined, string>();
  for (const { id, name } of renamed) {
    const other = names.get(id);
    if (other !== undefined) {
      throw new ArgumentError(
        `The columns ${quoted(other)} and ${quoted(name)} both have the id ${id ?? ''}: remove the id from the one that is new.`,
      );
    }
    names.set(id, name);
  }
}

function changesOf({ before, after }: ColumnPair, isView: boolean): SchemaChange[] {
  if (after === undefined) {
    return before === undefined
      ? []
      : [{ action: 'drop', name: before.name, before, warnings: dropWarnings(isView) }];
  }
  const next = normalColumn(after);
  const { name } = next;
  if (before === undefined) return [{ action: 'add', name, after: next, warnings: [] }];
  if (isSameColumn(before, next)) {
    return [{ action: 'unchanged', name, before, after: next, warnings: [] }];
  }
  const both = { name, before, after: next };
  const changes: SchemaChange[] = [];
  if (before.name !== name) {
    const warnings = isView ? [`the column then shows the annotation ${quoted(name)}`] : [];
    changes.push({ action: 'rename', ...both, warnings });
  }
  if (before.columnType !== next.columnType) changes.push(retype(before, next, isView));
  else if (!isSameColumn({ ...before, name }, next)) changes.push(modify(before, next, isView));
  return changes;
}

function dropWarnings(isView: boolean): string[] {
  return isView ? [] : ['its values are deleted'];
}

function retype(before: StoredColumn, after: TableColumn, isView: boolean): SchemaChange {
  const { name } = after;
  const change = { action: 'retype', name, before, after } as const;
  if (isView) return { ...change, warnings: [] };
  if (!isConvertible(before.columnType, after.columnType)) {
    const problem = `Synapse cannot convert the values of ${before.columnType} to ${after.columnType}`;
    return { ...change, warnings: [], problem };
  }
  const warnings = ['its values are converted; Synapse refuses the change if one does not fit'];
  return { ...change, warnings: [...warnings, ...lostProperties(before, after)] };
}

/** The properties that a column of the type cannot keep, or that were not given again. */
function lostProperties(before: StoredColumn, after: TableColumn): string[] {
  const { facetType, defaultValue, enumValues } = before;
  return [
    facetType !== undefined && after.facetType === undefined && `the facet ${facetType} is removed`,
    defaultValue !== undefined &&
      after.defaultValue === undefined &&
      `the default ${quoted(defaultValue)} is removed`,
    enumValues !== undefined && after.enumValues === undefined && 'its enumValues are removed',
  ].filter((warning) => warning !== false);
}

function modify(before: StoredColumn, after: TableColumn, isView: boolean): SchemaChange {
  const isSmaller =
    (after.maximumSize ?? 0) < (before.maximumSize ?? 0) ||
    (after.maximumListLength ?? 0) < (before.maximumListLength ?? 0);
  const warnings = isSmaller && !isView ? ['Synapse refuses the change if a value is longer'] : [];
  return { action: 'modify', name: after.name, before, after, warnings };
}

/** The order, if columns that stay are in another order than before. */
function orderChange(
  before: readonly StoredColumn[],
  pairs: readonly ColumnPair[],
): SchemaChange | undefined {
  const kept = pairs.filter((pair) => pair.after !== undefined);
  const now = kept.flatMap((pair) => pair.before?.id ?? []);
  const ids = new Set(now);
  const then = before.map(({ id }) => id).filter((id) => ids.has(id));
  if (stringifyJson(now) === stringifyJson(then)) return undefined;
  const order = kept.flatMap(({ after }) => after?.name.trim() ?? []);
  return { action: 'reorder', order, warnings: [] };
}
