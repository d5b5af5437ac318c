import { checkColumns } from '../columns/checkColumns.js';
import type { StoredColumn, TableColumn } from '../columns/columnModel.js';
import { createColumns } from '../columns/createColumns.js';
import { readColumns } from '../columns/readColumns.js';
import { annotationColumns, defaultViewColumns, type ViewScope } from '../columns/viewColumns.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { resolveItems } from './resolveItems.js';
import {
  Dataset,
  DefinedBase,
  EntityView,
  ItemsBase,
  SubmissionView,
  ViewBase,
  type TableEntity,
} from './tableClasses.js';

/**
 * Completes what a table or view says about its content: items of a dataset get their versions, and SQL is checked.
 *
 * @throws {@link ArgumentError} for SQL that cannot define it, and for items that it cannot have.
 */
export async function completeTable(
  ctx: Context,
  entity: TableEntity,
  oldSql: string | undefined,
  options: CommonOptions,
): Promise<void> {
  if (entity instanceof ItemsBase && entity.items.some(({ version }) => version === undefined)) {
    const type = entity instanceof Dataset ? 'file' : 'dataset';
    entity.items = await resolveItems(ctx, entity.items, type, options);
  }
  if (entity instanceof DefinedBase && entity.definingSQL !== oldSql) {
    await checkDefiningSql(ctx, entity, options);
  }
}

async function checkDefiningSql(
  ctx: Context,
  { concreteType, definingSQL, name, id }: TableEntity & DefinedBase,
  { signal }: CommonOptions,
): Promise<void> {
  if (definingSQL === undefined) return;
  const entityType = concreteType.endsWith('MaterializedView')
    ? 'materializedview'
    : 'virtualtable';
  const body = { definingSql: definingSQL, entityType } as const;
  const { isValid, invalidReason } = await ctx.services.table.validateDefiningSql(
    { body },
    { signal },
  );
  if (isValid === true) return;
  const hint =
    entityType === 'virtualtable' && /\b(?:join|union)\b/i.test(definingSQL)
      ? ' A MaterializedView can join and unite tables.'
      : '';
  throw new ArgumentError(
    `The definingSQL of ${name ?? id ?? 'the table'} is not valid: ${invalidReason ?? 'Synapse gives no reason'}.${hint}`,
  );
}

/** The columns of a new table or view, with their ids. */
export async function newColumns(
  ctx: Context,
  entity: TableEntity,
  options: CommonOptions,
): Promise<StoredColumn[]> {
  if (entity instanceof DefinedBase) return [];
  const isView = entity instanceof ViewBase;
  const includeDefaults = isView && entity.includeDefaultColumns !== false;
  const given = readColumns(entity.columns);
  const columns = isView
    ? await withViewColumns(ctx, entity, { includeDefaults, columns: given }, options)
    : given;
  // Synapse has just sent the default columns: only the others are created.
  const known = new Map(columns.flatMap((one) => (isFromSynapse(one) ? [[one.name, one]] : [])));
  const created = await createColumns(
    ctx,
    columns.filter(({ name }) => !known.has(name)),
    { signal: options.signal },
  );
  const all = new Map([...known, ...created.map((one) => [one.name, one] as const)]);
  return columns.flatMap(({ name }) => all.get(name.trim()) ?? []);
}

const fromSynapse = new WeakSet<object>();

function isFromSynapse(column: TableColumn): column is StoredColumn {
  return fromSynapse.has(column);
}

/** What {@link withViewColumns} adds to. */
export interface ViewColumns {
  columns: readonly TableColumn[];
  includeDefaults: boolean;
}

/**
 * The columns of a view, with the default columns and those for annotations that it wants and lacks. A column of the same name wins
 * over both.
 */
export async function withViewColumns(
  ctx: Context,
  view: TableEntity & ViewBase,
  { columns, includeDefaults }: ViewColumns,
  options: CommonOptions,
): Promise<TableColumn[]> {
  const scope = viewScopeOf(view);
  const defaults = includeDefaults ? await defaultViewColumns(ctx, scope, options) : [];
  for (const column of defaults) fromSynapse.add(column);
  const given = [...columns];
  const added = newNames(given, defaults);
  const found =
    view.includeAnnotationColumns === true ? await annotationColumns(ctx, scope, options) : [];
  const all = [...given, ...added, ...newNames([...given, ...added], found)];
  if (found.length === 0) {
    checkColumns(all);
    return all;
  }
  try {
    checkColumns(all);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new ArgumentError(
      `The annotations in the scope of ${view.name ?? 'the view'} have ${found.length} columns. ${error.message} ` +
        'Store it without includeAnnotationColumns, and add the columns that it needs.',
    );
  }
  return all;
}

function newNames(
  given: readonly TableColumn[],
  added: readonly TableColumn[],
): readonly TableColumn[] {
  const names = new Set(given.map(({ name }) => name.trim()));
  return added.filter(({ name }) => !names.has(name));
}

const viewEntityTypes = {
  'org.sagebionetworks.repo.model.table.EntityView': 'entityview',
  'org.sagebionetworks.repo.model.table.SubmissionView': 'submissionview',
  'org.sagebionetworks.repo.model.table.Dataset': 'dataset',
  'org.sagebionetworks.repo.model.table.DatasetCollection': 'datasetcollection',
} as const;

function viewScopeOf(view: ViewBase): ViewScope {
  const concreteType = view.concreteType as keyof typeof viewEntityTypes;
  const viewEntityType = viewEntityTypes[concreteType];
  if (view instanceof ItemsBase) return { viewEntityType, scope: view.items.map(({ id }) => id) };
  if (view instanceof EntityView) {
    return { viewEntityType, scope: view.scopeIds ?? [], viewTypeMask: view.viewTypeMask };
  }
  return { viewEntityType, scope: view instanceof SubmissionView ? (view.scopeIds ?? []) : [] };
}
