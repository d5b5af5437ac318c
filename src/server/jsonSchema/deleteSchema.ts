import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireObjectAccess } from '../permissions/objectAcls.js';
import type { World } from '../world.js';
import { isBound } from './bindings.js';
import { aclOwner, getOrganization } from './organizations.js';
import { parseSchemaId, type SchemaId } from './schemaIds.js';
import {
  getRegistered,
  idOf,
  noteSchemaChange,
  schemaTables,
  type RegisteredSchema,
  type VersionRecord,
} from './schemaRecords.js';

/**
 * Deletes one version of a schema, or all versions when none is given.
 *
 * @throws 404, 403 without DELETE on the organization, 400 when it is in use
 * @see https://rest-docs.synapse.org/rest/DELETE/schema/type/registered/id.html
 */
export function deleteSchema(world: World, caller: Caller, text: string): void {
  const id = parseSchemaId(text);
  const registered = getRegistered(world, id);
  const organization = getOrganization(world, registered.schema.organizationId);
  requireObjectAccess(world, caller, aclOwner(organization), 'DELETE');
  const { versionsOf } = schemaTables(world);
  const all = versionsOf.find(registered.schema.schemaId);
  const gone = id.semanticVersion === undefined ? all : [registered.version];
  requireUnused(world, { id, registered, gone, isWhole: gone.length === all.length });
  remove(world, registered, gone);
}

interface Deletion {
  readonly id: SchemaId;
  readonly registered: RegisteredSchema;
  readonly gone: readonly VersionRecord[];
  readonly isWhole: boolean;
}

function requireUnused(world: World, { id, registered, gone, isWhole }: Deletion): void {
  const { schema } = registered;
  const { byReference } = schemaTables(world);
  const goneIds = new Set(gone.map(({ versionId }) => versionId));
  const names = gone.map((version) => idOf({ schema, version }));
  if (isWhole) {
    names.push(`${schema.organizationName}-${schema.schemaName}`);
  }
  const isReferenced = names.some((name) =>
    byReference.find(name.toLowerCase()).some(({ versionId }) => !goneIds.has(versionId)),
  );
  if (isReferenced) {
    throw badRequest('Cannot delete a schema that is referenced by another schema');
  }
  if (isBound(world, schema.schemaId, isWhole ? undefined : id.semanticVersion)) {
    throw badRequest('Cannot delete a schema that is bound to an object');
  }
}

/** Sets the newest remaining version as the latest version of a schema. */
function remove(world: World, { schema }: RegisteredSchema, gone: readonly VersionRecord[]): void {
  const { schemas, versions, versionsOf } = schemaTables(world);
  noteSchemaChange(world);
  for (const { versionId } of gone) {
    versions.delete(versionId);
  }
  const left = versionsOf.find(schema.schemaId).map(({ versionId }) => Number(versionId));
  if (left.length === 0) {
    schemas.delete(schema.schemaId);
  } else {
    schemas.put(schema.schemaId, { ...schema, latestVersionId: String(Math.max(...left)) });
  }
}
