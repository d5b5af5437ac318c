import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { entityHooks } from '../entities/entityHooks.js';
import { numericId } from '../entities/entityIds.js';
import { findEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import { refuseBuiltIn } from '../entities/entityWrites.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import { formatSchemaId, parseSchemaId } from './schemaIds.js';
import { getRegistered, getRegisteredByText, versionInfo } from './schemaRecords.js';

/**
 * The binding of an entity to a schema. It also applies to everything below it without its own
 * binding.
 */
export interface BindingRecord {
  readonly entityId: string;
  /** `org-name` for the latest version, or `org-name-1.2.3`. */
  readonly schemaId: string;
  /** The id of the schema without its version, for lookups. */
  readonly schemaRecordId: string;
  readonly enableDerivedAnnotations: boolean;
  readonly createdOn: string;
  readonly createdBy: number;
  /** Changes with every binding, even to the same schema. */
  readonly etag: string;
}

function bindings(world: World): Collection<BindingRecord> {
  return world.store.collection<BindingRecord>('jsonSchemaBindings');
}

function bySchema(world: World): Index<BindingRecord> {
  return bindings(world).index('schema', ({ schemaRecordId }) => schemaRecordId);
}

/** The effective binding of an entity: its own, or that of the nearest ancestor with one. */
export function bindingFor(world: World, record: EntityRecord): BindingRecord | undefined {
  for (
    let next: EntityRecord | undefined = record;
    next !== undefined;
    next = findEntityRecord(world, next.parentId)
  ) {
    const binding = bindings(world).get(next.id);
    if (binding !== undefined) {
      return binding;
    }
  }
  return undefined;
}

/** Whether an entity is bound to a schema, or to one version of it. */
export function isBound(world: World, schemaRecordId: string, semanticVersion?: string): boolean {
  return bySchema(world)
    .find(schemaRecordId)
    .some(
      ({ schemaId }) =>
        semanticVersion === undefined ||
        parseSchemaId(schemaId).semanticVersion === semanticVersion,
    );
}

/**
 * Binds a schema to an entity and replaces an earlier binding.
 *
 * @throws 404, 403 without UPDATE, 400 for missing or invalid properties
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/schema/binding.html
 */
export function bindSchema(
  world: World,
  caller: Caller,
  entityId: string,
  body: M.BindSchemaToEntityRequest,
): M.JsonSchemaObjectBinding {
  refuseBuiltIn(entityId);
  requireAccess(world, caller, entityId, 'UPDATE');
  if (body.schema$id === undefined) {
    throw badRequest('The schema$id is required.');
  }
  const id = parseSchemaId(body.schema$id);
  const { schema } = getRegistered(world, id);
  const binding = {
    entityId,
    schemaId: formatSchemaId(id),
    schemaRecordId: schema.schemaId,
    enableDerivedAnnotations: body.enableDerivedAnnotations ?? false,
    createdOn: world.timestamp(),
    createdBy: caller.userId,
    etag: world.uuid(),
  };
  bindings(world).put(entityId, binding);
  entityHooks(world).emitShapeChange();
  return bindingModel(world, binding);
}

/**
 * The effective binding of an entity.
 *
 * @throws 404 when there is none, 403 without READ
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/schema/binding.html
 */
export function getBinding(
  world: World,
  caller: Caller,
  entityId: string,
): M.JsonSchemaObjectBinding {
  const binding = bindingFor(world, requireAccess(world, caller, entityId, 'READ'));
  if (binding === undefined) {
    throw notFound(`No JSON schema found for '${entityId}'`);
  }
  return bindingModel(world, binding);
}

/**
 * Removes the entity's own binding, if any.
 *
 * @throws 404, 403 without DELETE
 * @see https://rest-docs.synapse.org/rest/DELETE/entity/id/schema/binding.html
 */
export function removeBinding(world: World, caller: Caller, entityId: string): void {
  refuseBuiltIn(entityId);
  requireAccess(world, caller, entityId, 'DELETE');
  bindings(world).delete(entityId);
  entityHooks(world).emitShapeChange();
}

/** Deletes the bindings of purged entities. */
export function watchBindings(world: World): void {
  entityHooks(world).onChange(({ kind, entity }) => {
    if (kind === 'purge') {
      bindings(world).delete(entity.record.id);
    }
  });
}

function bindingModel(world: World, binding: BindingRecord): M.JsonSchemaObjectBinding {
  return {
    jsonSchemaVersionInfo: versionInfo(getRegisteredByText(world, binding.schemaId)),
    objectId: numericId(binding.entityId),
    objectType: 'entity',
    createdOn: binding.createdOn,
    createdBy: String(binding.createdBy),
    enableDerivedAnnotations: binding.enableDerivedAnnotations,
  };
}
