import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { mergeAnnotations, toWireAnnotations } from './annotationValues.js';
import type { Entity } from './entityClasses.js';
import { withEntity } from './entityBundle.js';
import { forgetDestinations } from '../storages/storageState.js';
import { stringifyJson } from '../values/json.js';
import { writeWithActivity } from './ownActivity.js';
import { fileHandleIdOf, storedState, type StoredState } from './storedState.js';
import type { StoreOptions } from './storeOptions.js';
import { isTableEntity } from './tableClasses.js';

/** A change to an entity. */
export interface Change {
  /** The caller's object. */
  entity: Entity;
  /** Its properties in the form of the API. */
  wire: M.Entity;
  options: StoreOptions;
  /** The id of the activity that generated it. */
  generatedBy?: string;
}

/** Creates an entity, with its annotations in the same request. */
export async function createEntity(ctx: Context, change: Change): Promise<StoredState> {
  const { entity, options, generatedBy } = change;
  const call = { signal: options.signal };
  const by = generatedBy === undefined ? {} : { generatedBy };
  const body = withVersion(change.wire, options);
  const annotations = toWireAnnotations(entity.annotations);
  if (Object.keys(annotations).length === 0) {
    return {
      entity: await ctx.services.entity.createEntity({ body, ...by }, call),
      annotations: {},
    };
  }
  const bundle = await ctx.services.entityBundle.createEntityBundle(
    { body: { entity: body, annotations: { annotations } }, ...by },
    call,
  );
  const { entity: created } = withEntity(bundle, entity.name ?? '');
  return { entity: created, annotations: bundle.annotations?.annotations ?? annotations };
}

function withVersion<T extends M.Entity>(
  wire: T,
  { versionLabel, versionComment }: StoreOptions,
): T {
  return {
    ...wire,
    ...(versionLabel !== undefined && { versionLabel }),
    ...(versionComment !== undefined && { versionComment }),
  };
}

/** Updates an entity to match the caller's object. Sends one request for properties and one for annotations if they changed. */
export async function updateEntity(
  ctx: Context,
  change: Change,
  existing: StoredState,
): Promise<StoredState> {
  const { entity, generatedBy } = await updateMembers(ctx, change, existing);
  const annotations = await updateAnnotations(ctx, change, entity, existing);
  const { fileHandle } = existing;
  const kept = 'dataFileHandleId' in entity && entity.dataFileHandleId === fileHandle?.id;
  return { ...annotations, fileHandle: kept ? fileHandle : undefined, generatedBy };
}

async function updateMembers(
  ctx: Context,
  { entity, wire, options, generatedBy }: Change,
  existing: StoredState,
): Promise<{ entity: M.Entity; generatedBy?: string }> {
  const call = { signal: options.signal };
  const old = existing.entity;
  const id = old.id ?? '';
  // An object that was read has all properties. The properties of any other object are merged into the existing ones.
  const isWhole = storedState(entity) === existing;
  const next = withVersion({ ...(isWhole ? {} : old), ...wire, ...identity(old, wire) }, options);
  if (!differs(old, next)) {
    if (generatedBy === undefined) return { entity: old };
    // Unlike PUT /entity/{id}/generatedBy, this gives the new etag, which the next change needs.
    const request = { id, body: next, generatedBy };
    return { entity: await ctx.services.entity.updateEntity(request, call) };
  }
  // Only a snapshot creates a version of a table or view.
  const newVersion =
    'versionNumber' in old && !isTableEntity(entity) && (options.forceVersion ?? true);
  const body = newVersion ? withoutOldVersion(old, next) : next;
  const write = async (by: string | undefined): Promise<M.Entity> => {
    const written = await ctx.services.entity.updateEntity(
      { id, body, newVersion: newVersion || undefined, generatedBy: by },
      call,
    );
    if (next.parentId !== old.parentId) forgetDestinations(ctx.state);
    return written;
  };
  const isNew = newVersion || fileHandleIdOf(old) !== fileHandleIdOf(next);
  if (!isNew || generatedBy !== undefined || options.associateActivityToNewVersion !== true) {
    return { entity: await write(generatedBy) };
  }
  const { activity } = entity;
  const kept = await writeWithActivity(ctx, { id, activity }, write, call);
  return { entity: kept.written, generatedBy: kept.generatedBy };
}

// A stale etag is sent unchanged: Synapse answers 412, so that changes by others are not lost.
function identity(old: M.Entity, wire: M.Entity): { id?: string; etag?: string } {
  const etag = wire.etag ?? old.etag;
  return { ...(old.id !== undefined && { id: old.id }), ...(etag !== undefined && { etag }) };
}

// Properties that only Synapse writes.
const serverMembers = new Set([
  'etag',
  'createdOn',
  'createdBy',
  'modifiedOn',
  'modifiedBy',
  'versionNumber',
  'isLatestVersion',
]);

/** Whether two states of an entity differ in properties that the caller sets. */
export function differs(old: M.Entity, next: M.Entity): boolean {
  const members = new Map<string, unknown>(Object.entries(old));
  const others = new Map<string, unknown>(Object.entries(next));
  const keys = new Set([...members.keys(), ...others.keys()]);
  return [...keys].some(
    (key) =>
      !serverMembers.has(key) && stringifyJson(members.get(key)) !== stringifyJson(others.get(key)),
  );
}

/** Leaves out label and comment of the old version: without a label, Synapse takes the new version's number. */
export function withoutOldVersion(old: M.Entity, next: M.Entity): M.Entity {
  const before = new Map<string, unknown>(Object.entries(old));
  const members = Object.entries(next).filter(
    ([key, value]) =>
      !['versionLabel', 'versionComment'].includes(key) || value !== before.get(key),
  );
  return Object.fromEntries(members) as unknown as M.Entity;
}

async function updateAnnotations(
  ctx: Context,
  { entity: object, options }: Change,
  entity: M.Entity,
  existing: StoredState,
): Promise<StoredState> {
  const replace = storedState(object) === existing || options.mergeAnnotations === false;
  const merged = mergeAnnotations(existing.annotations, object.annotations, { replace });
  if (merged === undefined) return { entity, annotations: existing.annotations };
  const { id = '', etag = '' } = entity;
  const written = await ctx.services.entity.updateEntityAnnotations(
    { id, body: { id, etag, annotations: merged } },
    { signal: options.signal },
  );
  // They share one etag (PUT /repo/v1/entity/{id}/annotations2).
  return {
    entity: { ...entity, ...(written.etag !== undefined && { etag: written.etag }) },
    annotations: written.annotations ?? merged,
  };
}
