import type * as M from '../../../generated/models.js';

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
