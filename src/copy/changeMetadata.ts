import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { entityParts, fetchBundle } from '../entities/entityBundle.js';
import { File, type Stored } from '../entities/entityClasses.js';
import { trimName } from '../entities/entityName.js';
import { remember, rememberLocal, stateOfBundle, storedState } from '../entities/storedState.js';
import { updateEntity } from '../entities/writeEntity.js';
import { ArgumentError, NotFoundError } from '../errors.js';
import { copyFileHandles } from '../fileHandles/copyFileHandles.js';
import type { CommonOptions } from '../options.js';
import { Activity } from '../provenance/activityClass.js';
import { shortName } from '../values/shortName.js';
import { currentOf, type EntityRef } from '../values/ids.js';
import { fileType } from '../entities/entityTypes.js';

/** The properties that {@link Synapse.changeMetadata} changes. Properties that are not given are not changed. */
export interface MetadataChange {
  /** The name of the entity. */
  name?: string;
  /** The name that the content has when it is downloaded. */
  downloadAs?: string;
  /** Media type, such as `text/csv`. */
  contentType?: string;
}

/** Options of {@link Synapse.changeMetadata}. */
export interface ChangeMetadataOptions extends MetadataChange, Pick<CommonOptions, 'signal'> {
  /**
   * Whether a change of the name alone creates a new version. A change of `downloadAs` or `contentType` always does; nothing is
   * sent when nothing changes.
   * @default true
   */
  forceVersion?: boolean;
}

/** Implements {@link Synapse.changeMetadata}. */
export async function changeMetadata(
  ctx: Context,
  entity: EntityRef,
  { name, downloadAs, contentType, forceVersion, signal }: ChangeMetadataOptions,
): Promise<File & Stored> {
  const id = currentOf(entity, 'the metadata of the current version is changed');
  const parts = { ...entityParts, includeActivity: true };
  const bundle = await fetchBundle(ctx, { id }, { signal }, parts);
  const existing = stateOfBundle(bundle);
  const old = bundle.entity;
  if (old.concreteType !== fileType) {
    throw new ArgumentError(
      `${id} (${old.name ?? ''}) is a ${shortName(old.concreteType)}, and only files have a download name and a media type.`,
    );
  }
  const { fileHandle } = existing;
  const newFileName = changed(fileHandle?.fileName, downloadAs);
  const newContentType = changed(fileHandle?.contentType, contentType);
  const isOther = newFileName !== undefined || newContentType !== undefined;
  const copy = isOther
    ? await copyHandle(
        ctx,
        { id, handleId: old.dataFileHandleId, newFileName, newContentType },
        signal,
      )
    : undefined;
  const file = new File();
  // A new version has no activity by itself, and the content is what the activity generated.
  const { activity } = bundle;
  if (activity !== undefined) {
    file.activity = new Activity();
    file.activity.remember(activity);
  }
  const wire = {
    ...(name !== undefined && { name: trimName(name) }),
    ...(copy !== undefined && { dataFileHandleId: copy.id }),
  } as unknown as M.Entity;
  const associateActivityToNewVersion = activity !== undefined;
  const options = { signal, forceVersion, associateActivityToNewVersion };
  const change = { entity: file, wire, options };
  const state = await updateEntity(ctx, change, existing);
  const generatedBy = state.generatedBy ?? activity?.id;
  remember(file, { ...state, fileHandle: copy ?? fileHandle, generatedBy });
  // The content of a local copy is the same as before.
  const local = typeof entity === 'object' ? storedState(entity)?.local : undefined;
  if (local !== undefined) await rememberLocal(file, local.path, local);
  return file as File & Stored;
}

function changed(old: string | undefined, wanted: string | undefined): string | undefined {
  return wanted === old ? undefined : wanted;
}

interface HandleChange {
  id: string;
  handleId: string | undefined;
  newFileName: string | undefined;
  newContentType: string | undefined;
}

/** File handles cannot be changed. The file gets a copy, which has the same content. */
async function copyHandle(
  ctx: Context,
  { id, handleId, newFileName, newContentType }: HandleChange,
  signal: AbortSignal | undefined,
): Promise<M.FileHandle> {
  if (handleId === undefined) {
    const reason = `${id} has no file handle`;
    throw new NotFoundError(`${reason}.`, { status: 404, reason, method: 'GET', url: '' });
  }
  const file = {
    fileHandleId: handleId,
    associateObjectId: id,
    associateObjectType: 'FileEntity' as const,
  };
  const [copy] = await copyFileHandles(ctx, [{ ...file, newFileName, newContentType }], { signal });
  if (copy?.fileHandle !== undefined) return copy.fileHandle;
  throw copy?.error ?? new ArgumentError(`The file handle of ${id} cannot be copied.`);
}
