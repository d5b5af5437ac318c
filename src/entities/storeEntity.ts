import { basename } from 'node:path';
import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { ArgumentError, ConflictError } from '../errors.js';
import { containerOf, currentOf } from '../values/ids.js';
import { guessFileName, isUrl } from '../values/urls.js';
import { toActivity } from '../provenance/activity.js';
import { changeContentType } from './changeContentType.js';
import { checkTable } from './checkTable.js';
import { completeLink } from './completeLink.js';
import { createOnce } from './createOnce.js';
import { createTable } from './createTable.js';
import { File, Link, toWireEntity, type Entity, type Stored } from './entityClasses.js';
import { fetchBundle, fetchFileHandle } from './entityBundle.js';
import { safeEntityName, trimName } from './entityName.js';
import { checkFileName, checkLocalContent } from './fileChecks.js';
import { findEntityId } from './findEntity.js';
import { storeActivity } from '../provenance/storeActivity.js';
import { storeContent, type StoredContent } from './storeContent.js';
import {
  fileHandleIdOf,
  stateOfBundle,
  storedState,
  remember,
  recordCopy,
  rememberLocal,
  type LocalState,
  type StoredState,
} from './storedState.js';
import { activityNow, newActivity } from './ownActivity.js';
import { activityOf, type StoreOptions } from './storeOptions.js';
import { completeTable } from './newTable.js';
import { isTableEntity } from './tableClasses.js';
import { updateTable } from './updateTable.js';
import { updateEntity, type Change } from './writeEntity.js';
import { shortName } from '../values/shortName.js';

/** A previous lookup of the name of an entity in its container. */
export interface KnownName {
  /** The entity of that name; `undefined` when the name is free. */
  id: string | undefined;
  /** Its state, if it was read. */
  state?: StoredState;
}

/**
 * Creates an entity, or updates the one with the same id, or with the same name in the same container. The content of a file is
 * uploaded unless Synapse has it already. Unchanged parts are not sent.
 *
 * A new small file takes five calls, the fewest that Synapse allows: start the upload, get a URL for its part, add the
 * part, complete the upload, create the entity. Looking up the name takes one more, unless `known` has the result.
 *
 * @returns The given object, updated with the state in Synapse.
 * @throws {@link ArgumentError} for an entity that cannot be stored, before anything is sent.
 * @throws {@link FileSystemError} when the local file cannot be read.
 * @throws {@link ConflictError} when the name is taken and `createOrUpdate` is false.
 * @throws {@link PreconditionFailedError} when another client has changed the entity since it was read.
 * @see https://rest-docs.synapse.org/rest/POST/entity.html
 */
export async function storeEntity<T extends Entity>(
  ctx: Context,
  entity: T,
  options: StoreOptions = {},
  known?: KnownName,
): Promise<T & Stored> {
  const activity = activityOf(options) ?? newActivity(entity);
  // Invalid used items are reported before anything is sent.
  if (activity !== undefined) toActivity(activity);
  checkEntity(entity, options);
  const local = entity instanceof File ? await checkLocalContent(entity) : undefined;

  const existing = await findExisting(ctx, entity, options, known);
  if (entity instanceof Link) await completeLink(ctx, entity, existing?.entity, options);
  const content =
    entity instanceof File ? await contentOf(ctx, entity, { existing, local }, options) : {};
  if (isTableEntity(entity)) await completeTable(ctx, entity, sqlOf(existing), options);
  const generatedBy = activity && (await storeActivity(ctx, activity, options));
  const change: Change = {
    entity,
    wire: Object.assign(toWireEntity(entity), content.members),
    options,
    generatedBy,
  };
  const state =
    existing === undefined
      ? await createOrUpdate(ctx, change)
      : await update(ctx, change, existing);
  await finish(ctx, { entity, existing, state, content, generatedBy }, options);
  if (options.isRestricted === true) await restrict(ctx, entity, options);
  return entity as T & Stored;
}

async function contentOf(
  ctx: Context,
  file: File,
  state: { existing: StoredState | undefined; local: LocalState | undefined },
  options: StoreOptions,
): Promise<StoredContent> {
  const content = await storeContent(ctx, file, state, options);
  if (content.members !== undefined) return content;
  return { ...content, ...(await changeContentType(ctx, file, state.existing, options)) };
}

function sqlOf(existing: StoredState | undefined): string | undefined {
  const { entity } = existing ?? {};
  return entity !== undefined && 'definingSQL' in entity ? entity.definingSQL : undefined;
}

function update(ctx: Context, change: Change, existing: StoredState): Promise<StoredState> {
  const { entity } = change;
  return isTableEntity(entity)
    ? updateTable(ctx, { ...change, entity }, existing)
    : updateEntity(ctx, change, existing);
}

function create(ctx: Context, change: Change): Promise<StoredState> {
  const { entity } = change;
  return isTableEntity(entity) ? createTable(ctx, { ...change, entity }) : createOnce(ctx, change);
}

function checkEntity(entity: Entity, { safeNames = false }: StoreOptions): void {
  // Synapse trims names; a lookup of the untrimmed name would not find the entity again.
  const nameFor = safeNames ? safeEntityName : trimName;
  if (entity.name !== undefined) entity.name = nameFor(entity.name);
  if (entity.parentId !== undefined) containerOf(entity.parentId);
  if (isTableEntity(entity)) checkTable(entity);
  if (entity.id !== undefined) {
    currentOf(entity.id, 'storing changes the current version, or adds one');
    return;
  }
  const isProject = entity.concreteType === 'org.sagebionetworks.repo.model.Project';
  if (!isProject && entity.parentId === undefined) {
    throw new ArgumentError(
      `${entity.name ?? 'An entity'} has no container: pass parent, the id of a project or folder.`,
    );
  }
  if (entity instanceof File) {
    const ownName = entity.name ?? fileName(entity);
    if (ownName !== undefined) entity.name = nameFor(ownName);
    if (entity.name !== undefined) checkFileName(entity.name);
  } else if (entity.name === undefined && !(entity instanceof Link)) {
    throw new ArgumentError('The entity has no name: pass name, or the id of an existing entity.');
  }
}

function fileName({ path, externalUrl }: File): string | undefined {
  if (path !== undefined && !isUrl(path)) return basename(path);
  const url = externalUrl ?? path;
  return url === undefined ? undefined : guessFileName(url);
}

/** Reads the existing entity, if it is needed before writing. */
async function findExisting(
  ctx: Context,
  entity: Entity,
  options: StoreOptions,
  known: KnownName | undefined,
): Promise<StoredState | undefined> {
  const state = storedState(entity);
  if (state !== undefined && state.entity.id === entity.id) return state;
  const call = { signal: options.signal };
  if (known?.state !== undefined) return known.state;
  if (entity.id !== undefined) {
    return existingState(ctx, entity, await fetchBundle(ctx, { id: entity.id }, call));
  }
  const id = await findName(ctx, entity, known, call);
  if (id === undefined) return undefined;
  if (options.createOrUpdate === false) throw nameTaken(entity, id);
  return existingState(ctx, entity, await fetchBundle(ctx, { id }, call));
}

async function findName(
  ctx: Context,
  entity: Entity,
  known: KnownName | undefined,
  call: CallOptions,
): Promise<string | undefined> {
  if (known !== undefined) return known.id;
  // For other types, the create request also detects an existing entity (409). Files and columns are sent before it.
  const isLookedUp = entity instanceof File || isTableEntity(entity);
  if (!isLookedUp || entity.name === undefined) return undefined;
  return findEntityId(ctx, entity.name, entity.parentId, call);
}

function existingState(
  ctx: Context,
  entity: Entity,
  bundle: Awaited<ReturnType<typeof fetchBundle>>,
): StoredState {
  const { id = '', concreteType, name = '' } = bundle.entity;
  if (concreteType !== entity.concreteType) {
    throw new ArgumentError(
      `${id} (${name}) is a ${shortName(concreteType)}, and cannot become a ${shortName(entity.concreteType)}.`,
    );
  }
  return stateOfBundle(bundle);
}

// The error that Synapse would return after the upload.
function nameTaken({ name = '', parentId = '' }: Entity, id: string): ConflictError {
  const reason = `An entity with the name: ${name} already exists with a parentId: ${parentId}`;
  return new ConflictError(`${reason} (${id}). Store it with createOrUpdate to change it.`, {
    status: 409,
    reason,
    method: 'POST',
    url: '/repo/v1/entity',
  });
}

async function createOrUpdate(ctx: Context, change: Change): Promise<StoredState> {
  const { entity, options } = change;
  try {
    return await create(ctx, change);
  } catch (error) {
    if (!(error instanceof ConflictError) || options.createOrUpdate === false) throw error;
    const call = { signal: options.signal };
    const id = entity.name && (await findEntityId(ctx, entity.name, entity.parentId, call));
    // The conflict is not about the name, but for example about the alias of a project.
    if (!id) throw error;
    const bundle = await fetchBundle(ctx, { id }, call);
    return update(ctx, change, existingState(ctx, entity, bundle));
  }
}

interface Finished {
  entity: Entity;
  /** The previous state in Synapse. */
  existing: StoredState | undefined;
  state: StoredState;
  content: StoredContent;
  /** The activity that was given. */
  generatedBy: string | undefined;
}

async function finish(
  ctx: Context,
  { entity, existing, state, content, generatedBy }: Finished,
  { signal }: StoreOptions,
): Promise<void> {
  const { id = '' } = state.entity;
  const fileHandleId = fileHandleIdOf(state.entity);
  // The caller stored an existing file handle whose content is not on this machine.
  const isReplaced =
    content.fileHandle === undefined && fileHandleId !== fileHandleIdOf(existing?.entity);
  let fileHandle = content.fileHandle ?? state.fileHandle;
  if (isReplaced && fileHandleId !== undefined && fileHandle === undefined) {
    fileHandle = await fetchFileHandle(ctx, { id, fileHandleId }, { signal });
  }
  const { annotations, columns } = state;
  const by = activityNow({ before: existing, now: state }, generatedBy);
  remember(entity, { entity: state.entity, annotations, fileHandle, columns, generatedBy: by });
  // That of the version before.
  if (entity.activity !== undefined && entity.activity.id !== by) delete entity.activity;
  if (!(entity instanceof File)) return;
  if (isReplaced && !hasSameContent(fileHandle, existing?.fileHandle)) {
    delete entity.path;
  } else if (content.path !== undefined) {
    await rememberLocal(entity, content.path, content.local);
    const { id: handleId, contentMd5 } = fileHandle ?? {};
    if (handleId !== undefined) await recordCopy(ctx, handleId, content.path, contentMd5);
  }
}

function hasSameContent(one: M.FileHandle | undefined, other: M.FileHandle | undefined): boolean {
  return one?.contentMd5 !== undefined && one.contentMd5 === other?.contentMd5;
}

// Creates the requirement only once, because a second request would notify the committee again.
async function restrict(ctx: Context, entity: Entity, { signal }: StoreOptions): Promise<void> {
  const { accessRequirement } = ctx.services;
  const call = { signal };
  const { id = '' } = entity;
  const page = { id, offset: 0, limit: 1 };
  const { results } = await accessRequirement.listEntityAccessRequirements(page, call);
  if (results.length > 0) return;
  try {
    await accessRequirement.createLockAccessRequirement({ id }, call);
  } catch (error) {
    if (!isLostAnswer(error)) throw error;
    const { results: created } = await accessRequirement.listEntityAccessRequirements(page, call);
    if (created.length === 0) throw error;
  }
}
