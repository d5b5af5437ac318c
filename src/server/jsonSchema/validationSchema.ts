import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { parseSchemaId, formatSchemaId } from './schemaIds.js';
import {
  getRegistered,
  getRegisteredByText,
  idOf,
  type RegisteredSchema,
} from './schemaRecords.js';
import { isLocal, mapSchema } from './subSchemas.js';

/**
 * Maximum number of schemas that one schema may include by reference, which limits the size of
 * validators.
 */
const maxDefinitions = 500;

/** Prefix of the `$id` of every registered schema, on any server. */
const registeredBase = 'https://repo-prod.prod.sagebase.org/repo/v1/schema/type/registered/';

/**
 * The schema of a version as it was registered, but with its absolute `$id`. As in the service, this
 * is the id that was asked for: without a version, even if the latest version has a number.
 *
 * @throws 400 for an id that is not valid, 404
 */
export function registeredModel(world: World, id: string): M.JsonSchema {
  const asked = parseSchemaId(id);
  const { version } = getRegistered(world, asked);
  return { ...version.schema, $id: registeredBase + formatSchemaId(asked) };
}

/**
 * The schema of a version with everything that it refers to in its `definitions`.
 *
 * @throws 404 when a referenced schema is not registered, 400 for a cycle
 */
export function validationSchema(world: World, registered: RegisteredSchema): M.JsonSchema {
  const definitions = new Map<string, M.JsonSchema>();
  const top = flatten(world, { registered, prefix: '#', path: [idOf(registered)], definitions });
  return {
    ...top,
    $id: registeredBase + idOf(registered),
    ...(definitions.size > 0 && {
      definitions: { ...top.definitions, ...Object.fromEntries(definitions) },
    }),
  };
}

interface Flattening {
  readonly registered: RegisteredSchema;
  /** The definition name of the schema in the whole schema. */
  readonly prefix: string;
  /** The schemas that lead to this one, for finding cycles. */
  readonly path: readonly string[];
  /** Collects the referenced schemas. */
  readonly definitions: Map<string, M.JsonSchema>;
}

function flatten(
  world: World,
  { registered, prefix, path, definitions }: Flattening,
): M.JsonSchema {
  return mapSchema(registered.version.schema, (part) => {
    if (part.$ref === undefined) {
      return part;
    }
    if (isLocal(part.$ref)) {
      return { ...part, $ref: `${prefix}${part.$ref.slice(1)}` };
    }
    const key = formatSchemaId(parseSchemaId(part.$ref));
    const referred = getRegisteredByText(world, key);
    const id = idOf(referred);
    if (path.includes(id) || path.includes(key)) {
      throw badRequest(`Schema $id: '${id}' has a circular dependency`);
    }
    const pointer = `#/definitions/${key}`;
    if (!definitions.has(key)) {
      if (definitions.size >= maxDefinitions) {
        throw badRequest(`A schema may not refer to more than ${maxDefinitions} others.`);
      }
      // The entry is added before the schemas that it refers to, so that the order is that of the
      // references.
      definitions.set(key, {});
      const flat = flatten(world, {
        registered: referred,
        prefix: pointer,
        path: [...path, id, key],
        definitions,
      });
      // As in the service, only the whole schema has an `$id`.
      delete flat.$id;
      definitions.set(key, flat);
    }
    return { ...part, $ref: pointer };
  });
}
