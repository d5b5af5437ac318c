import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { parseSchemaId, formatSchemaId } from './schemaIds.js';
import { getRegisteredByText, idOf, type RegisteredSchema } from './schemaRecords.js';
import { isLocal, mapSchema } from './subSchemas.js';

/** Most schemas that one may bring in by reference, which keeps a validator small. */
const maxDefinitions = 500;

/** What the `$id` of every registered schema begins with, wherever it is served. */
const registeredBase = 'https://repo-prod.prod.sagebase.org/repo/v1/schema/type/registered/';

/** A version with its absolute `$id`, as it was registered otherwise. */
export function registeredModel(registered: RegisteredSchema): M.JsonSchema {
  return { ...registered.version.schema, $id: registeredBase + idOf(registered) };
}

/**
 * A version that needs no other: everything it refers to is among its `definitions`.
 *
 * @throws 404 when something it refers to is not registered, 400 for a cycle
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
  /** Where the schema will be in the whole. */
  readonly prefix: string;
  /** The schemas on the way here, to find cycles. */
  readonly path: readonly string[];
  /** Collects what is referred to. */
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
      // Its place is taken before what it refers to, so that the order is that of the references.
      definitions.set(key, {});
      const flat = flatten(world, {
        registered: referred,
        prefix: pointer,
        path: [...path, id, key],
        definitions,
      });
      definitions.set(key, { ...flat, $id: key });
    }
    return { ...part, $ref: pointer };
  });
}
