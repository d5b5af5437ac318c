import { resolve } from 'node:path';
import type * as M from '../../generated/models.js';
import type { StoredColumn, TableColumn } from '../columns/columnModel.js';
import { storedColumn } from '../columns/getColumns.js';
import type { Context } from '../context.js';
import { FileSystemError } from '../errors.js';
import { Activity } from '../provenance/activityClass.js';
import { fileMd5 } from '../files/fileMd5.js';
import type { Look } from '../files/fileThread.js';
import { lookAt } from '../files/look.js';
import { fromWireAnnotations } from './annotationValues.js';
import type { StoredBundle } from './entityBundle.js';
import {
  File,
  localMembers,
  newEntityFor,
  setMembers,
  type Entity,
  type Stored,
} from './entityClasses.js';
import { isTableEntity, ownMembers } from './tableClasses.js';

/** The state of a local file, to detect later changes. */
export interface LocalState extends Look {
  /** Absolute. */
  path: string;
  /** When this was read, in milliseconds since 1970. */
  readAt: number;
}

/** The entity in Synapse when it was last read or written. */
export interface StoredState {
  entity: M.Entity;
  annotations: Readonly<Record<string, M.AnnotationsValue>>;
  fileHandle?: M.FileHandle;
  /** The columns of a table or view. */
  columns?: readonly StoredColumn[];
  local?: LocalState;
  /** The id of the activity that generated this version, as far as it is known. */
  generatedBy?: string;
}

// Not stored in the objects, which callers print, copy and compare.
const states = new WeakMap<object, StoredState>();

/** The state in Synapse when an object was last read or written; `undefined` for an object that the caller created. */
export function storedState(entity: object): StoredState | undefined {
  return states.get(entity);
}

/** Creates the object for a bundle from Synapse. */
export function entityOfBundle(bundle: StoredBundle): Entity & Stored {
  const entity = newEntityFor(bundle.entity);
  remember(entity, stateOfBundle(bundle));
  if (bundle.activity !== undefined) {
    entity.activity = new Activity();
    entity.activity.remember(bundle.activity);
  }
  return entity as Entity & Stored;
}

/** The state in a bundle. */
export function stateOfBundle(bundle: StoredBundle): StoredState {
  const { entity } = bundle;
  const id = fileHandleIdOf(entity);
  const fileHandle = bundle.fileHandles?.find((handle) => id !== undefined && handle.id === id);
  const columns = bundle.tableBundle?.columnModels?.map(storedColumn);
  const annotations = bundle.annotations?.annotations ?? {};
  return { entity, annotations, fileHandle, columns, generatedBy: bundle.activity?.id };
}

/** The file handle with the content of an entity. */
export function fileHandleIdOf(entity: M.Entity | undefined): string | undefined {
  return entity !== undefined && 'dataFileHandleId' in entity ? entity.dataFileHandleId : undefined;
}

/** Updates an object with the state in Synapse, and remembers the state. */
export function remember(entity: Entity, state: StoredState): void {
  const members = { ...state.entity, ...ownMembers(state.entity) };
  // A server must not choose the local file that the next store uploads.
  for (const key of localMembers)
    if (Object.hasOwn(members, key)) Reflect.deleteProperty(members, key);
  setMembers(entity, members);
  for (const key of Object.keys(states.get(entity)?.entity ?? {})) {
    if (!Object.hasOwn(state.entity, key)) Reflect.deleteProperty(entity, key);
  }
  entity.annotations = fromWireAnnotations({ id: '', etag: '', annotations: state.annotations });
  if (entity instanceof File) rememberContent(entity, state.fileHandle);
  if (isTableEntity(entity)) entity.columns = ownColumns(entity.columns, state.columns ?? []);
  states.set(entity, state);
}

/**
 * Copies of columns: the caller may change them, and the state must not change with them. A caller who has kept a column of the
 * object can go on changing it, so its object stays.
 */
function ownColumns(own: readonly TableColumn[], columns: readonly StoredColumn[]): TableColumn[] {
  return columns.map((column) => {
    const copy = structuredClone(column);
    const kept = own.find(({ name }) => name.trim() === column.name);
    if (kept === undefined || Object.isFrozen(kept)) return copy;
    for (const key of Object.keys(kept)) Reflect.deleteProperty(kept, key);
    return Object.assign(kept, copy);
  });
}

/** Replaces the state that an object is compared with, and its etag. The object keeps the changes of the caller. */
export function rebase(entity: Entity, state: StoredState): void {
  if (state.entity.etag !== undefined) entity.etag = state.entity.etag;
  states.set(entity, state);
}

/** Replaces the columns of an object that was read, after they were changed in Synapse. */
export function rememberColumns(entity: Entity, columns: readonly StoredColumn[]): void {
  const state = states.get(entity);
  if (state === undefined || !isTableEntity(entity)) return;
  const columnIds = columns.map(({ id }) => id);
  const stored = { ...state.entity, columnIds } as M.Entity;
  states.set(entity, { ...state, entity: stored, columns });
  entity.columns = ownColumns(entity.columns, columns);
  entity.columnIds = columnIds;
}

function rememberContent(file: File, handle: M.FileHandle | undefined): void {
  // These belonged to the previous content.
  delete file.fileHandle;
  delete file.externalUrl;
  if (handle === undefined) return;
  file.fileHandle = handle;
  if (handle.contentType !== undefined) file.contentType = handle.contentType;
  const isExternal =
    handle.concreteType === 'org.sagebionetworks.repo.model.file.ExternalFileHandle';
  if (isExternal && handle.externalURL !== undefined) file.externalUrl = handle.externalURL;
}

/**
 * Remembers the state of a local file whose content is in Synapse.
 * @param local - Its state before its content was read. Otherwise, a change since then would be remembered as stored.
 */
export async function rememberLocal(file: File, path: string, local?: LocalState): Promise<void> {
  file.path = path;
  const state = states.get(file);
  if (state !== undefined) states.set(file, { ...state, local: local ?? (await localState(path)) });
}

/** Records a local copy in the cache. A failure of the cache is only logged, because the copy itself is usable. */
export async function recordCopy(
  ctx: Context,
  fileHandleId: string,
  path: string,
  md5?: string,
): Promise<void> {
  try {
    await ctx.cache.add(fileHandleId, path, md5);
  } catch (error) {
    if (!(error instanceof FileSystemError)) throw error;
    ctx.log(error.message);
  }
}

/** Milliseconds. Some file systems record times in steps of two seconds. */
const coarsestTime = 2_000;

/**
 * Whether a local file is unchanged since its content was read from Synapse or stored there, by its size and times. Its MD5 is
 * compared as well if it changed so shortly before its state was read that a later change can have the same time.
 */
export async function isUntouched(
  state: StoredState | undefined,
  now: LocalState,
  signal?: AbortSignal,
): Promise<boolean> {
  const local = state?.local;
  if (local === undefined || local.path !== now.path) return false;
  const isSame =
    now.size === local.size &&
    now.modifiedMs === local.modifiedMs &&
    now.changedMs === local.changedMs;
  if (!isSame || local.readAt - local.changedMs > coarsestTime) return isSame;
  const md5 = state?.fileHandle?.contentMd5?.toLowerCase();
  return md5 === undefined || (await fileMd5(now.path, signal)) === md5;
}

/** The state of a local file now. */
export async function localState(path: string): Promise<LocalState> {
  const readAt = Date.now();
  const look = await lookAt(path);
  return { path: resolve(path), readAt, ...look };
}
