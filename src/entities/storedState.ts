import { stat } from 'node:fs/promises';
import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { FileSystemError } from '../errors.js';
import { fromWireAnnotations } from './annotationValues.js';
import type { StoredBundle } from './entityBundle.js';
import { File, newEntityFor, setMembers, type Entity, type Stored } from './entityClasses.js';

/** The state of a local file, to detect later changes. */
export interface LocalState {
  path: string;
  size: number;
  modifiedMs: number;
  changedMs: number;
}

/** The entity in Synapse when it was last read or written. */
export interface StoredState {
  entity: M.Entity;
  annotations: Readonly<Record<string, M.AnnotationsValue>>;
  fileHandle?: M.FileHandle;
  local?: LocalState;
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
  return entity as Entity & Stored;
}

/** The state in a bundle. */
export function stateOfBundle(bundle: StoredBundle): StoredState {
  const { entity } = bundle;
  const id = fileHandleIdOf(entity);
  const fileHandle = bundle.fileHandles?.find((handle) => id !== undefined && handle.id === id);
  return { entity, annotations: bundle.annotations?.annotations ?? {}, fileHandle };
}

/** The file handle with the content of an entity. */
export function fileHandleIdOf(entity: M.Entity | undefined): string | undefined {
  return entity !== undefined && 'dataFileHandleId' in entity ? entity.dataFileHandleId : undefined;
}

/** Updates an object with the state in Synapse, and remembers the state. */
export function remember(entity: Entity, state: StoredState): void {
  setMembers(entity, state.entity);
  for (const key of Object.keys(states.get(entity)?.entity ?? {})) {
    if (!Object.hasOwn(state.entity, key)) Reflect.deleteProperty(entity, key);
  }
  entity.annotations = fromWireAnnotations({ id: '', etag: '', annotations: state.annotations });
  if (entity instanceof File) rememberContent(entity, state.fileHandle);
  states.set(entity, state);
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

/** Remembers the state of a local file whose content is in Synapse. */
export async function rememberLocal(file: File, path: string): Promise<void> {
  file.path = path;
  const state = states.get(file);
  if (state !== undefined) states.set(file, { ...state, local: await localState(path) });
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

/** Whether a local file is unchanged, by its size and times. */
export async function isUntouched(state: LocalState | undefined, path: string): Promise<boolean> {
  if (state?.path !== path) return false;
  const now = await localState(path);
  return (
    now.size === state.size &&
    now.modifiedMs === state.modifiedMs &&
    now.changedMs === state.changedMs
  );
}

async function localState(path: string): Promise<LocalState> {
  const { size, mtimeMs, ctimeMs } = await stat(path);
  return { path, size, modifiedMs: mtimeMs, changedMs: ctimeMs };
}
