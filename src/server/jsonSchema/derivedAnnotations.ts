import type * as M from '../../../generated/models.js';
import type { AnnotationMap } from '../entities/annotationValues.js';
import { annotationFromJson, entityJson } from '../entities/entityJson.js';
import type { CurrentEntity } from '../entities/entityRecords.js';
import { ServiceError } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { numbersOf } from './entityNumbers.js';
import { resolved } from './schemaParts.js';
import { partViolation, schemaViolation } from './schemaViolation.js';
import type { NumberKinds } from './violation.js';

type Json = Readonly<Record<string, unknown>>;

interface Collecting {
  readonly numbers: NumberKinds;
  readonly whole: M.JsonSchema;
  readonly json: Json;
  readonly derived: Map<string, M.AnnotationsValue>;
}

/**
 * The annotations that a schema derives for an entity: the value of each property with a `const` or
 * a `default` that the entity does not have. An invalid entity gets none. As in the service, all
 * alternatives are used, not only the valid ones; of the branches of an `if`, only the one that
 * applies.
 */
export function derivedAnnotations(
  world: World,
  whole: M.JsonSchema,
  { record, version }: CurrentEntity,
): AnnotationMap {
  const json = entityJson(world, record, version);
  const numbers = numbersOf(version);
  const follows = (value: Json) => schemaViolation(world, whole, value, numbers) === undefined;
  if (!follows(json) || !follows({ ...defaultsOf(whole), ...json })) {
    return {};
  }
  const derived = new Map<string, M.AnnotationsValue>();
  collect({ whole, json, numbers, derived }, whole);
  return Object.fromEntries(derived);
}

function defaultsOf(whole: M.JsonSchema): Json {
  return Object.fromEntries(
    Object.entries(whole.properties ?? {}).flatMap(([key, property]) => {
      const value = resolved(whole, property).default;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function collect(collecting: Collecting, part: M.JsonSchema): void {
  const { whole, json, numbers } = collecting;
  for (const schema of alternatives(whole, part)) {
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      if (!Object.hasOwn(json, key)) {
        addProperty(collecting, key, property);
      }
    }
    if (schema.if !== undefined) {
      const unmet = partViolation(whole, schema.if, json, numbers);
      const next = unmet === undefined ? schema.then : schema.else;
      if (next !== undefined) {
        collect(collecting, next);
      }
    }
  }
}

function addProperty({ whole, derived }: Collecting, key: string, property: M.JsonSchema): void {
  for (const schema of alternatives(whole, property)) {
    const value = schema.const ?? schema.default;
    const added = annotationOrNothing(key, value);
    if (added !== undefined) {
      derived.set(key, merged(derived.get(key), added));
    }
  }
}

/** Values that cannot be annotations are left out. */
function annotationOrNothing(key: string, value: unknown): M.AnnotationsValue | undefined {
  try {
    return annotationFromJson(key, value);
  } catch (error) {
    if (error instanceof ServiceError) {
      return undefined;
    }
    throw error;
  }
}

/** All values, each once; values of different types become texts. */
function merged(
  known: M.AnnotationsValue | undefined,
  added: M.AnnotationsValue,
): M.AnnotationsValue {
  return known === undefined
    ? added
    : {
        type: known.type === added.type ? known.type : 'STRING',
        value: [...new Set([...known.value, ...added.value])],
      };
}

/**
 * A schema and all of its subschemas for the same value, or for the items of an array; each once,
 * although there may be many ways to it.
 */
function alternatives(
  whole: M.JsonSchema,
  part: M.JsonSchema,
  found = new Set<M.JsonSchema>(),
): ReadonlySet<M.JsonSchema> {
  const schema = resolved(whole, part);
  if (!found.has(schema)) {
    found.add(schema);
    const { allOf = [], anyOf = [], oneOf = [], contains } = schema;
    const nested = [...allOf, ...anyOf, ...oneOf, ...(contains === undefined ? [] : [contains])];
    for (const next of nested) alternatives(whole, next, found);
  }
  return found;
}
