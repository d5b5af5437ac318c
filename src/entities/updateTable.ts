import { isDeepStrictEqual } from 'node:util';
import type * as M from '../../generated/models.js';
import { changeColumns, requireDoable, storePlanned } from '../columns/changeColumns.js';
import { getColumns } from '../columns/getColumns.js';
import { mergeColumns } from '../columns/mergeColumns.js';
import { planSchemaChange } from '../columns/planSchemaChange.js';
import { readColumns } from '../columns/readColumns.js';
import type { SchemaPlan } from '../columns/schemaPlan.js';
import type { Context } from '../context.js';
import { PreconditionFailedError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { parseSynapseId } from '../values/ids.js';
import { fetchBundle } from './entityBundle.js';
import { withViewColumns } from './newTable.js';
import { rebase, stateOfBundle, storedState, type StoredState } from './storedState.js';
import { DefinedBase, Table, ViewBase, type TableEntity } from './tableClasses.js';
import { mergeAnnotations } from './annotationValues.js';
import { differs, updateEntity, type Change } from './writeEntity.js';

/** A change of a table or view. */
export type TableChange = Change & { entity: TableEntity };

/**
 * Updates a table or view to match the caller's object. The columns of a table change in a transaction, which keeps their values;
 * those of a view, which has no values of its own, with its other properties.
 */
export async function updateTable(
  ctx: Context,
  change: TableChange,
  existing: StoredState,
): Promise<StoredState> {
  const { entity, options } = change;
  if (entity instanceof DefinedBase) return updateDefined(ctx, change, existing);
  const plan = await planColumns(ctx, entity, existing, options);
  requireDoable(plan);
  if (entity instanceof Table) return updateWithTransaction(ctx, { change, existing, plan });
  const columns = await storePlanned(ctx, plan, { signal: options.signal });
  const columnIds = columns.map(({ id }) => id);
  const state = await updateMembers(ctx, withMembers(change, existing, { columnIds }), existing);
  return { ...state, columns };
}

async function updateDefined(
  ctx: Context,
  change: TableChange,
  existing: StoredState,
): Promise<StoredState> {
  const { columnIds } = membersOf(existing.entity);
  const state = await updateMembers(ctx, withMembers(change, existing, { columnIds }), existing);
  const isSame = membersOf(state.entity).definingSQL === membersOf(existing.entity).definingSQL;
  const { id = '' } = state.entity;
  const { signal } = change.options;
  return { ...state, columns: isSame ? existing.columns : await getColumns(ctx, id, { signal }) };
}

/** An object that was read has all columns; those of any other object are added. */
async function planColumns(
  ctx: Context,
  entity: TableEntity,
  existing: StoredState,
  options: CommonOptions,
): Promise<SchemaPlan> {
  const before = existing.columns ?? [];
  const isRead = storedState(entity) === existing;
  const given = readColumns(entity.columns);
  const columns = isRead ? given : mergeColumns(before, given);
  if (!(entity instanceof ViewBase)) return planSchemaChange(before, columns);
  const includeDefaults = entity.includeDefaultColumns === true;
  const all =
    includeDefaults || entity.includeAnnotationColumns === true
      ? await withViewColumns(ctx, entity, { columns, includeDefaults }, options)
      : columns;
  return planSchemaChange(before, all, { isView: true });
}

interface TableUpdate {
  change: TableChange;
  existing: StoredState;
  plan: SchemaPlan;
}

/**
 * Updates a table: first its columns, which Synapse refuses when a value cannot be converted, then its other properties. So a
 * refused change changes nothing.
 */
async function updateWithTransaction(
  ctx: Context,
  { change, existing, plan }: TableUpdate,
): Promise<StoredState> {
  const { entity, options } = change;
  const before = membersOf(existing.entity).isSearchEnabled;
  const wanted = entity.isSearchEnabled;
  const searchEnabled = wanted === undefined || wanted === (before ?? false) ? undefined : wanted;
  const others = withTableMembers(change, existing);
  if (plan.isEmpty && searchEnabled === undefined) {
    return { ...(await updateMembers(ctx, others, existing)), columns: existing.columns };
  }
  const { id = '' } = existing.entity;
  const call = { signal: options.signal };
  const read = async (): Promise<StoredState> =>
    stateOfBundle(await fetchBundle(ctx, { id }, call));
  const isRead = storedState(entity) === existing;
  const now = isRead ? await read() : existing;
  const hasOthers = changesOthers(others, existing);
  if (isRead && hasOthers && !differsOnlyInRows(existing, now)) throw changedMeanwhile(id);
  const current = now.columns ?? [];
  await changeColumns(ctx, { id, plan, current, searchEnabled }, options);
  // A transaction changes the etag of the table.
  const after = await read();
  if (!hasOthers) return after;
  const rebased = rebaseChange(change, existing, after);
  const state = await updateMembers(ctx, withTableMembers(rebased, after), after);
  return { ...state, columns: after.columns };
}

/** The columns and the search of a table change in a transaction. */
function withTableMembers(change: TableChange, existing: StoredState): TableChange {
  const { columnIds, isSearchEnabled } = membersOf(existing.entity);
  return withMembers(change, existing, { columnIds, isSearchEnabled });
}

/** Whether a change has more than columns. */
function changesOthers(
  { entity, wire, options, generatedBy }: TableChange,
  existing: StoredState,
): boolean {
  const isRead = storedState(entity) === existing;
  const next = isRead ? wire : { ...existing.entity, ...wire };
  const replace = isRead || options.mergeAnnotations === false;
  return (
    generatedBy !== undefined ||
    options.versionLabel !== undefined ||
    options.versionComment !== undefined ||
    differs(existing.entity, next) ||
    mergeAnnotations(existing.annotations, entity.annotations, { replace }) !== undefined
  );
}

function changedMeanwhile(id: string): PreconditionFailedError {
  const reason = `${id} has changed since it was read`;
  return new PreconditionFailedError(`${reason}. Get it again, and repeat the change.`, {
    status: 412,
    reason,
    method: 'GET',
    url: `/repo/v1/entity/${id}`,
  });
}

/** The members of tables and views that are not sent as the caller's object has them. */
interface Members {
  columnIds?: string[];
  isSearchEnabled?: boolean;
  scopeIds?: string[];
  items?: M.EntityRef[];
  definingSQL?: string;
  versionLabel?: string;
  versionComment?: string;
}

function membersOf(entity: M.Entity): Members {
  return entity as Members;
}

/** A change with some members replaced. The scope and the items are sent as Synapse has them, if they are the same. */
function withMembers(change: TableChange, existing: StoredState, members: Members): TableChange {
  const wire = membersOf(change.wire);
  const old = membersOf(existing.entity);
  const isSameScope = sameIds(wire.scopeIds) === sameIds(old.scopeIds);
  const isSameItems = sameItems(wire.items) === sameItems(old.items);
  const all = {
    ...wire,
    ...(isSameScope && wire.scopeIds && { scopeIds: old.scopeIds }),
    ...(isSameItems && wire.items && { items: old.items }),
    // A dataset that was not read and that gives no items keeps those that it has.
    ...(storedState(change.entity) !== existing &&
      wire.items?.length === 0 && { items: old.items }),
    ...members,
  };
  const present = Object.entries<unknown>(all).filter(([, value]) => value !== undefined);
  return { ...change, wire: Object.fromEntries(present) as unknown as M.Entity };
}

function sameIds(ids: readonly string[] | undefined): string {
  return [...new Set(ids?.map((id) => id.replace(/^syn/, '')))].sort().join();
}

function sameItems(items: readonly M.EntityRef[] | undefined): string {
  return (items ?? [])
    .map(
      ({ entityId = '', versionNumber = 0 }) => `${entityId.replace(/^syn/, '')}.${versionNumber}`,
    )
    .join();
}

/**
 * Updates the properties and annotations. Rows that are written and snapshots that are made also change the etag: then the change is
 * based on the current state, if nothing else has changed.
 */
async function updateMembers(
  ctx: Context,
  change: TableChange,
  existing: StoredState,
): Promise<StoredState> {
  try {
    return await updateEntity(ctx, change, existing);
  } catch (error) {
    const { entity, options } = change;
    const isRead = storedState(entity) === existing;
    if (!(error instanceof PreconditionFailedError) || !isRead) throw error;
    const { id } = parseSynapseId(entity.id ?? '');
    const now = stateOfBundle(await fetchBundle(ctx, { id }, { signal: options.signal }));
    if (!differsOnlyInRows(existing, now)) throw error;
    return updateEntity(ctx, rebaseChange(change, existing, now), now);
  }
}

/** A change of what was read, as a change of the current state. What the caller did not change is taken from it. */
function rebaseChange(change: TableChange, existing: StoredState, now: StoredState): TableChange {
  const { entity } = change;
  if (storedState(entity) === existing) rebase(entity, now);
  const { etag } = now.entity;
  const kept = changedLabels(change.wire, existing.entity);
  const { versionLabel, versionComment } = { ...membersOf(now.entity), ...kept };
  const wire = { ...change.wire, etag, versionLabel, versionComment };
  return { ...change, wire };
}

/** Label and comment, where the caller changed them. */
function changedLabels(wire: M.Entity, old: M.Entity): Members {
  const [next, before] = [membersOf(wire), membersOf(old)];
  const { versionLabel, versionComment } = next;
  return {
    ...(versionLabel !== before.versionLabel && { versionLabel }),
    ...(versionComment !== before.versionComment && { versionComment }),
  };
}

/** Members that also change when rows are written and when a snapshot is made. */
const rowMembers: ReadonlySet<string> = new Set([
  'etag',
  'modifiedOn',
  'modifiedBy',
  'versionNumber',
  'versionLabel',
  'versionComment',
  'isLatestVersion',
]);

function differsOnlyInRows(before: StoredState, now: StoredState): boolean {
  const essence = ({ entity, annotations }: StoredState): unknown => {
    const entries = Object.entries(entity).filter(([key]) => !rowMembers.has(key));
    return { members: Object.fromEntries(entries), annotations };
  };
  return isDeepStrictEqual(essence(before), essence(now));
}
