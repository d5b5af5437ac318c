import { schemas } from '../../../generated/schemas.js';
import type * as M from '../../../generated/models.js';
import type { World } from '../world.js';
import type { AnnotationMap } from './annotationValues.js';
import { entityHooks } from './entityHooks.js';
import { entityModel } from './entityModels.js';
import type { EntityRecord, VersionRecord } from './entityRecords.js';
import { entityTypes, type EntityTypeInfo } from './entityTypes.js';

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/;
const specialNumbers: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);

/**
 * An entity with its annotations as one flat object.
 *
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/json.html
 */
export function entityJson(
  world: World,
  record: EntityRecord,
  version: VersionRecord,
  options: { readonly includeDerived?: boolean } = {},
): Record<string, unknown> {
  const shape = entityHooks(world).annotationShape({ record, version });
  const derived = options.includeDerived === true ? (shape?.derived ?? {}) : {};
  const annotations = { ...derived, ...version.annotations };
  const entries = Object.entries(annotations).map(([key, annotation]): [string, unknown] => [
    key,
    jsonValue(annotation, shape?.isArray(key)),
  ]);
  // A field of the entity overrides an annotation with the same name.
  const values: Record<string, unknown> = Object.fromEntries(entries);
  return { ...values, ...entityModel(world, record, version) };
}

/** A single value is written as a scalar, unless the schema defines an array. */
function jsonValue({ type, value }: M.AnnotationsValue, isArray: boolean | undefined): unknown {
  const values = value.map((text) => jsonScalar(type, text));
  return values.length === 1 && isArray !== true ? values[0] : values;
}

function jsonScalar(type: M.AnnotationsValue['type'], text: string): unknown {
  switch (type) {
    case 'BOOLEAN':
      return text.toLowerCase() === 'true';
    case 'DOUBLE':
    case 'LONG':
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'TIMESTAMP_MS':
      return isoOf(text);
    case 'STRING':
    case undefined:
      return text;
  }
}

/** A time outside the range of dates stays a number. */
function isoOf(milliseconds: string): string {
  const date = new Date(Number(milliseconds));
  return Number.isNaN(date.getTime()) ? milliseconds : date.toISOString();
}

/**
 * The annotations of a flat object: all properties that are not fields of the entity type.
 *
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/json.html
 */
export function annotationsFromJson(
  type: M.EntityType,
  json: Readonly<Record<string, unknown>>,
): AnnotationMap {
  const fields = propertyNames(entityTypes[type]);
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key, value]) => !fields.has(key) && value !== null)
      .map(([key, value]) => [key, annotationOf(value)]),
  );
}

function propertyNames(info: EntityTypeInfo): ReadonlySet<string> {
  const shortName = info.concreteType.slice(info.concreteType.lastIndexOf('.') + 1);
  return new Set(Object.keys(schemas[shortName]?.properties ?? {}));
}

function annotationOf(value: unknown): M.AnnotationsValue {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  const values = all.filter((one) => one !== null);
  const types = new Set(values.map(typeOf));
  const [only] = types;
  const isNumeric = [...types].every((type) => type === 'LONG' || type === 'DOUBLE');
  const type = types.size === 1 ? only : isNumeric && types.size > 0 ? 'DOUBLE' : 'STRING';
  return {
    type: type ?? 'STRING',
    value: values.map((one) => annotationText(type ?? 'STRING', one)),
  };
}

function typeOf(value: unknown): M.AnnotationsValueType {
  switch (typeof value) {
    case 'boolean':
      return 'BOOLEAN';
    case 'number':
      return Number.isSafeInteger(value) ? 'LONG' : 'DOUBLE';
    case 'string':
      if (specialNumbers.has(value)) {
        return 'DOUBLE';
      }
      return isoDate.test(value) && !Number.isNaN(Date.parse(value)) ? 'TIMESTAMP_MS' : 'STRING';
    default:
      return 'STRING';
  }
}

function annotationText(type: M.AnnotationsValueType, value: unknown): string {
  if (typeof value !== 'string') {
    return JSON.stringify(value);
  }
  return type === 'TIMESTAMP_MS' ? String(Date.parse(value)) : value;
}
