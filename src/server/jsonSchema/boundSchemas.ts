import type * as M from '../../../generated/models.js';
import { entityHooks, type AnnotationShape } from '../entities/entityHooks.js';
import type { CurrentEntity } from '../entities/entityRecords.js';
import type { World } from '../world.js';
import { bindingFor, type BindingRecord } from './bindings.js';
import { derivedAnnotations } from './derivedAnnotations.js';
import { resolved } from './schemaParts.js';
import { getRegisteredByText, schemaGeneration } from './schemaRecords.js';
import { validationSchema } from './validationSchema.js';

/** The whole schema of an entity, with its binding. */
export interface BoundSchema {
  readonly binding: BindingRecord;
  readonly whole: M.JsonSchema;
}

interface Flattened {
  readonly generation: number;
  readonly whole: M.JsonSchema;
}

const makeFlattened = (): Map<string, Flattened> => new Map();

/** The schema of an entity; `undefined` without a binding. */
export function boundSchema(world: World, { record }: CurrentEntity): BoundSchema | undefined {
  const binding = bindingFor(world, record);
  return binding && { binding, whole: flattenedSchema(world, binding.schemaId) };
}

/** Flattened schemas are cached until any schema changes. */
function flattenedSchema(world: World, schemaId: string): M.JsonSchema {
  const known = world.service(makeFlattened);
  const generation = schemaGeneration(world);
  const flattened = known.get(schemaId);
  if (flattened?.generation === generation) {
    return flattened.whole;
  }
  const whole = validationSchema(world, getRegisteredByText(world, schemaId));
  known.set(schemaId, { generation, whole });
  return whole;
}

/** Registers the annotation shapes that bound schemas define. */
export function defineSchemaShapes(world: World): void {
  entityHooks(world).defineAnnotationShape((entity) => {
    const bound = boundSchema(world, entity);
    return bound && shapeOf(world, bound, entity);
  });
}

function shapeOf(world: World, bound: BoundSchema, entity: CurrentEntity): AnnotationShape {
  return {
    // Computed lazily: derived annotations depend on the JSON of the entity, which needs this
    // shape.
    get derived() {
      return bound.binding.enableDerivedAnnotations
        ? derivedAnnotations(world, bound.whole, entity)
        : {};
    },
    isArray: (key) => isArrayProperty(bound.whole, bound.whole, key),
  };
}

function isArrayProperty(
  whole: M.JsonSchema,
  part: M.JsonSchema,
  key: string,
  visited = new Set<M.JsonSchema>(),
): boolean | undefined {
  const schema = resolved(whole, part);
  if (visited.has(schema)) {
    return undefined;
  }
  visited.add(schema);
  const property = schema.properties?.[key];
  const type = property && resolved(whole, property).type;
  if (type !== undefined) {
    return type === 'array';
  }
  const parts = [
    schema.allOf ?? [],
    schema.anyOf ?? [],
    schema.oneOf ?? [],
    [schema.then, schema.else],
  ];
  for (const next of parts.flat()) {
    const answer = next && isArrayProperty(whole, next, key, visited);
    if (answer !== undefined) {
      return answer;
    }
  }
  return undefined;
}
