import type * as M from '../../../generated/models.js';
import { notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import { builtInSchema } from './builtInSchemas.js';
import { formatSchemaId, parseSchemaId, type SchemaId } from './schemaIds.js';

/** A schema, apart from its versions. */
export interface SchemaRecord {
  readonly schemaId: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly schemaName: string;
  readonly createdOn: string;
  readonly createdBy: number;
  /** The newest version. References without a version refer to it. */
  readonly latestVersionId: string;
}

/** One version of a schema. It is immutable. */
export interface VersionRecord {
  readonly versionId: string;
  readonly schemaId: string;
  readonly semanticVersion?: string;
  readonly schema: M.JsonSchema;
  readonly sha256: string;
  /** The schemas that it refers to, as `org-name` or `org-name-1.2.3`. */
  readonly references: readonly string[];
  readonly createdOn: string;
  readonly createdBy: number;
}

/** A version together with the schema that it belongs to. */
export interface RegisteredSchema {
  readonly schema: SchemaRecord;
  readonly version: VersionRecord;
}

interface SchemaTables {
  readonly schemas: Collection<SchemaRecord>;
  readonly versions: Collection<VersionRecord>;
  readonly byName: Index<SchemaRecord>;
  readonly byOrganization: Index<SchemaRecord>;
  readonly versionsOf: Index<VersionRecord>;
  readonly byReference: Index<VersionRecord>;
}

/** The collections of schemas and versions with their indexes. */
export function schemaTables(world: World): SchemaTables {
  return world.service(makeSchemaTables);
}

function makeSchemaTables({ store }: World): SchemaTables {
  const schemas = store.collection<SchemaRecord>('jsonSchemas');
  const versions = store.collection<VersionRecord>('jsonSchemaVersions');
  return {
    schemas,
    versions,
    byName: schemas.index('name', (schema) => nameKey(schema)),
    byOrganization: schemas.index('organization', ({ organizationId }) => organizationId),
    versionsOf: versions.index('schema', ({ schemaId }) => schemaId),
    byReference: versions.index('reference', ({ references }) =>
      references.map((reference) => reference.toLowerCase()),
    ),
  };
}

function nameKey({ organizationName, schemaName }: SchemaId): string {
  return `${organizationName}-${schemaName}`.toLowerCase();
}

const makeCounter = (): { changes: number } => ({ changes: 0 });

/** Counts the changes of schemas: what was computed at another number may be out of date. */
export function schemaGeneration(world: World): number {
  return world.service(makeCounter).changes;
}

/** Must be called with every change of a schema, even one that is rolled back later. */
export function noteSchemaChange(world: World): void {
  world.service(makeCounter).changes++;
}

/** The schema with this name. */
export function findSchema(world: World, id: SchemaId): SchemaRecord | undefined {
  return schemaTables(world).byName.first(nameKey(id));
}

/** The version of a schema, or its latest; also of a schema of the service. @throws 404 */
export function getRegistered(world: World, id: SchemaId): RegisteredSchema {
  const { versions, versionsOf } = schemaTables(world);
  const schema = findSchema(world, id);
  const version =
    schema &&
    (id.semanticVersion === undefined
      ? versions.get(schema.latestVersionId)
      : versionsOf
          .find(schema.schemaId)
          .find(({ semanticVersion }) => semanticVersion === id.semanticVersion));
  if (schema === undefined || version === undefined) {
    const builtIn = builtInSchema(id);
    if (builtIn !== undefined) {
      return builtIn;
    }
    const wanted = id.semanticVersion && ` and semantic version: '${id.semanticVersion}'`;
    throw notFound(
      `JSON Schema not found for organization name: '${id.organizationName}' and schema name: '${id.schemaName}'${wanted ?? ''}`,
    );
  }
  return { schema, version };
}

/** The version that an `$id` or `$ref` refers to. @throws 400 when it is not valid, 404 */
export function getRegisteredByText(world: World, id: string): RegisteredSchema {
  return getRegistered(world, parseSchemaId(id));
}

/** The id of a version, not as a URL. */
export function idOf({ schema, version }: RegisteredSchema): string {
  const { organizationName, schemaName } = schema;
  const { semanticVersion } = version;
  return formatSchemaId({
    organizationName,
    schemaName,
    semanticVersion,
  });
}

/** A version as the API describes it. */
export function versionInfo(registered: RegisteredSchema): M.JsonSchemaVersionInfo {
  const { schema, version } = registered;
  return {
    organizationId: schema.organizationId,
    organizationName: schema.organizationName,
    schemaId: schema.schemaId,
    schemaName: schema.schemaName,
    versionId: version.versionId,
    $id: idOf(registered),
    semanticVersion: version.semanticVersion,
    jsonSHA256Hex: version.sha256,
    createdOn: version.createdOn,
    createdBy: String(version.createdBy),
  };
}

/** A schema as the API describes it. */
export function schemaInfo(schema: SchemaRecord): M.JsonSchemaInfo {
  const { organizationId, organizationName, schemaId, schemaName, createdOn, createdBy } = schema;
  return {
    organizationId,
    organizationName,
    schemaId,
    schemaName,
    createdOn,
    createdBy: String(createdBy),
  };
}
