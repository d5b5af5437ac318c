import { createHash } from 'node:crypto';

import { schemas, type JsonSchema } from '../../../generated/schemas.js';
import type * as M from '../../../generated/models.js';
import { entityTypes } from '../entities/entityTypes.js';
import { fixedPrincipals } from '../users/principals.js';
import type { SchemaId } from './schemaIds.js';
import type { RegisteredSchema } from './schemaRecords.js';

/** The organization of the schemas that the service makes of its own types. */
const organizationName = 'org.sagebionetworks';
const semanticVersion = '1.0.0';
const createdOn = '2020-01-01T00:00:00.000Z';

/** The properties of all entities, of those with versions, and what each kind extends. */
const interfaces: Readonly<Record<string, readonly string[]>> = {
  Entity: [
    'name',
    'description',
    'id',
    'etag',
    'createdOn',
    'modifiedOn',
    'createdBy',
    'modifiedBy',
    'parentId',
    'concreteType',
  ],
  Versionable: ['versionNumber', 'versionLabel', 'versionComment', 'isLatestVersion'],
  VersionableEntity: [],
};
const extended: Readonly<Record<string, readonly string[]>> = {
  VersionableEntity: ['Versionable', 'Entity'],
};
const dates: ReadonlySet<string> = new Set(['createdOn', 'modifiedOn']);

/** The classes by the name of their schema, in lower case. */
const classes = new Map<string, string>([
  ...Object.keys(interfaces).map((name): [string, string] => [`repo.model.${name}`, name]),
  ...Object.values(entityTypes).map(({ concreteType }): [string, string] => [
    concreteType.slice(organizationName.length + 1),
    concreteType.slice(concreteType.lastIndexOf('.') + 1),
  ]),
]);

/** The schema of a type of entity, e.g. `org.sagebionetworks-repo.model.Folder`. */
export function builtInSchema(id: SchemaId): RegisteredSchema | undefined {
  const name = classes.get(id.schemaName);
  const isAsked = id.semanticVersion === undefined || id.semanticVersion === semanticVersion;
  if (id.organizationName !== organizationName || name === undefined || !isAsked) {
    return undefined;
  }
  const schema = schemaOf(id.schemaName, name);
  const made = { createdOn, createdBy: fixedPrincipals.admin };
  const schemaId = `${organizationName}-${id.schemaName}`;
  return {
    schema: {
      schemaId,
      organizationId: '0',
      organizationName,
      schemaName: id.schemaName,
      latestVersionId: schemaId,
      ...made,
    },
    version: {
      versionId: schemaId,
      schemaId,
      semanticVersion,
      schema,
      sha256: createHash('sha256').update(JSON.stringify(schema)).digest('hex'),
      references: [],
      ...made,
    },
  };
}

function schemaOf(schemaName: string, name: string): M.JsonSchema {
  const parents = extended[name] ?? parentsOf(name);
  const inherited = new Set(parents.flatMap(allProperties));
  const own = ownProperties(name).filter((property) => !inherited.has(property));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `${organizationName}-${schemaName}-${semanticVersion}`,
    type: 'object',
    ...(parents.length > 0 && { allOf: parents.map((parent) => ({ $ref: idOf(parent) })) }),
    ...(own.length > 0 && {
      properties: Object.fromEntries(own.map((key) => [key, propertyOf(name, key)])),
    }),
  };
}

function idOf(name: string): string {
  return `${organizationName}-repo.model.${name}-${semanticVersion}`;
}

function parentsOf(name: string): readonly string[] {
  if (interfaces[name] !== undefined) {
    return [];
  }
  return ownProperties(name).includes('versionNumber') ? ['VersionableEntity'] : ['Entity'];
}

function allProperties(name: string): string[] {
  return [...ownProperties(name), ...(extended[name] ?? []).flatMap(allProperties)];
}

function ownProperties(name: string): readonly string[] {
  return interfaces[name] ?? Object.keys(schemas[name]?.properties ?? {});
}

/** Only the types of the values are checked, not what is in objects and lists. */
function propertyOf(name: string, key: string): M.JsonSchema {
  const from = interfaces[name] === undefined ? name : 'FileEntity';
  const { type, enum: values }: JsonSchema = schemas[from]?.properties?.[key] ?? {};
  return {
    ...(type !== undefined && { type: type as M.Type }),
    ...(dates.has(key) && { format: 'date-time' }),
    ...(values !== undefined && from === name && { enum: [...values] }),
  };
}
