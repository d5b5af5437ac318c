import { createHash } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireObjectAccess } from '../permissions/objectAcls.js';
import type { World } from '../world.js';
import { aclOwner, getOrganizationByName, type OrganizationRecord } from './organizations.js';
import { formatSchemaId, parseSchemaId, type SchemaId } from './schemaIds.js';
import {
  findSchema,
  getRegistered,
  noteSchemaChange,
  schemaTables,
  versionInfo,
  type RegisteredSchema,
  type SchemaRecord,
} from './schemaRecords.js';
import { isLocal, referencesIn } from './subSchemas.js';
import { compileSchema } from './validate.js';
import { validationSchema } from './validationSchema.js';

const responseType = 'org.sagebionetworks.repo.model.schema.CreateSchemaResponse';

/** Thrown to roll back a dry run. Contains its result. */
class DryRun extends Error {
  constructor(readonly response: M.CreateSchemaResponse) {
    super('A dry run is undone.');
  }
}

/**
 * Registers a version of a schema. Registering the same content with the same `$id` again has no
 * effect.
 *
 * @throws 400 for a schema that is not valid, refers to itself or changes a version; 403 without
 * CREATE on the organization; 404 when the organization or a referred schema does not exist
 * @see https://rest-docs.synapse.org/rest/POST/schema/type/create/async/start.html
 */
export function createSchema(
  world: World,
  caller: Caller,
  request: M.CreateSchemaRequest,
): M.CreateSchemaResponse {
  try {
    return world.store.transaction(() => {
      const registered = register(world, caller, request.schema);
      const whole = validationSchema(world, registered);
      compileSchema(world, whole);
      const response: M.CreateSchemaResponse = {
        concreteType: responseType,
        newVersionInfo: versionInfo(registered),
        validationSchema: whole,
      };
      if (request.dryRun === true) {
        throw new DryRun(response);
      }
      return response;
    });
  } catch (error) {
    if (error instanceof DryRun) {
      return error.response;
    }
    throw error;
  }
}

function register(
  world: World,
  caller: Caller,
  schema: M.JsonSchema | undefined,
): RegisteredSchema {
  if (schema?.$id === undefined) {
    throw badRequest("The schema and its '$id' are required.");
  }
  const id = parseSchemaId(schema.$id);
  const organization = getOrganizationByName(world, id.organizationName);
  requireObjectAccess(world, caller, aclOwner(organization), 'CREATE');
  const sha256 = createHash('sha256').update(JSON.stringify(schema)).digest('hex');
  const known = sameContent(world, id, sha256);
  return known ?? putVersion(world, caller, { id, organization, schema, sha256 });
}

/** The existing version. @throws 400 when its content differs */
function sameContent(world: World, id: SchemaId, sha256: string): RegisteredSchema | undefined {
  const schema = findSchema(world, id);
  if (schema === undefined) {
    return undefined;
  }
  const { versions, versionsOf } = schemaTables(world);
  const version =
    id.semanticVersion === undefined
      ? versions.get(schema.latestVersionId)
      : versionsOf
          .find(schema.schemaId)
          .find(({ semanticVersion }) => semanticVersion === id.semanticVersion);
  if (version?.sha256 === sha256) {
    return { schema, version };
  }
  if (version !== undefined && id.semanticVersion !== undefined) {
    throw badRequest(
      `The semantic version: '${id.semanticVersion}' already exists for this JSON schema`,
    );
  }
  return undefined;
}

interface NewVersion {
  readonly id: SchemaId;
  readonly organization: OrganizationRecord;
  readonly schema: M.JsonSchema;
  readonly sha256: string;
}

function putVersion(
  world: World,
  caller: Caller,
  { id, organization, schema, sha256 }: NewVersion,
): RegisteredSchema {
  const { schemas, versions } = schemaTables(world);
  const versionId = String(world.store.sequence('jsonSchemaVersions')());
  const now = { createdOn: world.timestamp(), createdBy: caller.userId };
  const named: SchemaRecord = {
    ...(findSchema(world, id) ?? {
      schemaId: String(world.store.sequence('jsonSchemas')()),
      organizationId: organization.id,
      organizationName: organization.name,
      schemaName: id.schemaName,
      ...now,
    }),
    latestVersionId: versionId,
  };
  const version = {
    versionId,
    schemaId: named.schemaId,
    ...(id.semanticVersion !== undefined && { semanticVersion: id.semanticVersion }),
    schema,
    sha256,
    references: checkedReferences(world, id, schema),
    ...now,
  };
  noteSchemaChange(world);
  schemas.put(named.schemaId, named);
  versions.put(versionId, version);
  return { schema: named, version };
}

function checkedReferences(world: World, id: SchemaId, schema: M.JsonSchema): string[] {
  return referencesIn(schema)
    .filter((reference) => !isLocal(reference))
    .map((reference) => {
      const referred = parseSchemaId(reference);
      if (formatSchemaId(referred) === formatSchemaId(id)) {
        throw badRequest(`Schema $id: '${formatSchemaId(id)}' has a circular dependency`);
      }
      getRegistered(world, referred);
      if (id.semanticVersion !== undefined && referred.semanticVersion === undefined) {
        throw badRequest(
          'Parent schemas with a semantic version cannot reference sub-schemas that do not include ' +
            `a semantic version. Schema $id: '${formatSchemaId(id)}' references $ref: '${reference}'`,
        );
      }
      return formatSchemaId(referred);
    });
}
