import type * as M from '../../../generated/models.js';
import { entityHooks, type AnnotationShape } from '../entities/entityHooks.js';
import { entityJson } from '../entities/entityJson.js';
import type { CurrentEntity } from '../entities/entityRecords.js';
import type { World } from '../world.js';
import { bindingFor, type BindingRecord } from './bindings.js';
import { derivedAnnotations } from './derivedAnnotations.js';
import { numbersOf } from './entityNumbers.js';
import { resolved } from './schemaParts.js';
import { getRegisteredByText, schemaGeneration } from './schemaRecords.js';
import { schemaViolation } from './schemaViolation.js';
import { mapSchema } from './subSchemas.js';
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
    isArray: (key) => allProperties(bound.whole).get(key) === true,
    get requirementIds() {
      return requirementIdsOf(world, bound, entity);
    },
  };
}

/** The derived annotation that names access requirements. */
const requirementsKey = '_accessRequirementIds';

function requirementIdsOf(
  world: World,
  { binding, whole }: BoundSchema,
  entity: CurrentEntity,
): AnnotationShape['requirementIds'] {
  if (!binding.enableDerivedAnnotations || !allProperties(whole).has(requirementsKey)) {
    return [];
  }
  const json = entityJson(world, entity.record, entity.version);
  if (schemaViolation(world, whole, json, numbersOf(entity.version)) !== undefined) {
    return 'invalid';
  }
  const { type, value = [] } = derivedAnnotations(world, whole, entity)[requirementsKey] ?? {};
  return type === 'LONG' ? value.map(Number) : [];
}

const properties = new WeakMap<M.JsonSchema, ReadonlyMap<string, boolean>>();

/**
 * The properties anywhere in a schema, and whether they are arrays. As on the service, the
 * definition that is found last counts, and those of the innermost parts are found first.
 */
function allProperties(whole: M.JsonSchema): ReadonlyMap<string, boolean> {
  const known = properties.get(whole);
  if (known !== undefined) {
    return known;
  }
  const found = new Map<string, boolean>();
  mapSchema(whole, (part) => {
    for (const [key, property] of Object.entries(part.properties ?? {})) {
      found.set(key, resolved(whole, property).type === 'array');
    }
    return part;
  });
  properties.set(whole, found);
  return found;
}
