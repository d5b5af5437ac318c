import { quoted } from '../values/quoted.js';
import { stringifyJson } from '../values/json.js';
import type { StoredColumn, TableColumn } from './columnModel.js';
import { columnNameText, columnPropertiesText, columnTypeText } from './columnText.js';

/** A column before and after a change; without `before` it is new, without `after` it is dropped. */
export interface ColumnPair {
  before?: StoredColumn;
  after?: TableColumn;
}

interface OneColumn {
  /** The name after the change; for `drop`, the name before it. */
  name: string;
  /** What happens to values, if it is more than the change says. */
  warnings: readonly string[];
  /** Why Synapse refuses the change. */
  problem?: string;
}

/** One step of a {@link SchemaPlan}. A column that is renamed and retyped has two. */
export type SchemaChange =
  | (OneColumn & { action: 'add'; after: TableColumn })
  | (OneColumn & { action: 'drop'; before: StoredColumn })
  | (OneColumn & {
      /** `modify`: other properties than the name and the type. */
      action: 'modify' | 'rename' | 'retype' | 'unchanged';
      before: StoredColumn;
      after: TableColumn;
    })
  | { action: 'reorder'; order: readonly string[]; warnings: readonly string[]; problem?: string };

interface PlanInit {
  changes: readonly SchemaChange[];
  pairs: readonly ColumnPair[];
  before: readonly StoredColumn[];
  isView: boolean;
}

/** How the columns of a table or view change. As a text, it has a line for each change. */
export class SchemaPlan {
  /** What happens, column by column, with the columns that stay as they are. */
  readonly changes: readonly SchemaChange[];
  /** The columns before the change. */
  readonly before: readonly StoredColumn[];
  /** The columns after the change, in their order. */
  readonly columns: readonly TableColumn[];
  readonly isView: boolean;
  readonly #pairs: readonly ColumnPair[];

  constructor({ changes, pairs, before, isView }: PlanInit) {
    this.changes = changes;
    this.before = before;
    this.columns = pairs.flatMap(({ after }) => (after === undefined ? [] : [after]));
    this.isView = isView;
    this.#pairs = pairs;
  }

  /** The columns before and after, in pairs. */
  get pairs(): readonly ColumnPair[] {
    return this.#pairs;
  }

  /** Whether nothing changes. */
  get isEmpty(): boolean {
    return this.changes.every(({ action }) => action === 'unchanged');
  }

  /** The changes that Synapse refuses. A plan that has any cannot be carried out. */
  get problems(): string[] {
    return this.changes.flatMap((change) =>
      change.problem === undefined ? [] : [`${titleOf(change)}: ${change.problem}`],
    );
  }

  toString(): string {
    const unchanged = this.changes.filter(({ action }) => action === 'unchanged').length;
    const lines = this.changes.filter(({ action }) => action !== 'unchanged').map(lineOf);
    if (lines.length === 0) return 'No column changes.';
    return unchanged === 0 ? lines.join('\n') : [...lines, `unchanged  ${unchanged}`].join('\n');
  }
}

const actionWidth = 'unchanged'.length;

function lineOf(change: SchemaChange): string {
  const notes = change.problem === undefined ? change.warnings : [change.problem];
  const marks = notes.map((note) => `  ! ${note}`).join('');
  return `${change.action.padEnd(actionWidth)}  ${detailOf(change)}${marks}`;
}

function titleOf(change: SchemaChange): string {
  return change.action === 'reorder' ? 'The order' : `Column ${quoted(change.name)}`;
}

function detailOf(change: SchemaChange): string {
  if (change.action === 'reorder') return change.order.map(columnNameText).join(', ');
  const name = columnNameText(change.name);
  switch (change.action) {
    case 'add':
      return `${name} ${columnText(change.after)}`;
    case 'drop':
      return `${name} ${columnTypeText(change.before)}`;
    case 'rename':
      return `${columnNameText(change.before.name)} -> ${name}`;
    case 'retype':
      return `${name} ${columnTypeText(change.before)} -> ${columnText(change.after)}`;
    case 'modify':
      return `${name} ${differences(change.before, change.after)}`;
    case 'unchanged':
      return name;
  }
}

function columnText(column: TableColumn): string {
  const properties = columnPropertiesText(column);
  return `${columnTypeText(column)}${properties === '' ? '' : ` (${properties})`}`;
}

/** The properties that differ: `maximumSize 50 -> 100, facetType none -> range`. */
function differences(before: TableColumn, after: TableColumn): string {
  const old = new Map<string, unknown>(Object.entries(before));
  const next = new Map<string, unknown>(Object.entries(after));
  const keys = [...new Set([...old.keys(), ...next.keys()])];
  return keys
    .filter((key) => key !== 'id' && key !== 'name')
    .filter((key) => text(old.get(key)) !== text(next.get(key)))
    .map((key) => `${key} ${text(old.get(key))} -> ${text(next.get(key))}`)
    .join(', ');
}

function text(value: unknown): string {
  return value === undefined ? 'none' : stringifyJson(value);
}
