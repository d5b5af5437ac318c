import { schemas } from '../../../generated/schemas.js';
import type * as M from '../../../generated/models.js';
import type { World } from '../world.js';
import { ExactNumber, isExactNumber, stringifyExact } from '../kernel/exactJson.js';
import { badRequest } from '../kernel/serviceError.js';
import { javaDouble } from '../tables/sql/numberText.js';
import { doubleOf, type AnnotationMap } from './annotationValues.js';
import { entityHooks } from './entityHooks.js';
import { entityModel } from './entityModels.js';
import type { EntityRecord, VersionRecord } from './entityRecords.js';
import { entityTypes, type EntityTypeInfo } from './entityTypes.js';

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/;

/** How an entity is written as JSON. */
interface EntityJsonOptions {
  /** @default false */
  readonly includeDerived?: boolean;
  /** Whether numbers are exact, for an answer; otherwise they are JavaScript numbers. @default false */
  readonly exactNumbers?: boolean;
}

/**
 * An entity with its annotations as one flat object.
 *
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/json.html
 */
export function entityJson(
  world: World,
  record: EntityRecord,
  version: VersionRecord,
  options: EntityJsonOptions = {},
): Record<string, unknown> {
  const shape = entityHooks(world).annotationShape({ record, version });
  const derived = options.includeDerived === true ? (shape?.derived ?? {}) : {};
  const annotations = { ...derived, ...version.annotations };
  const entries = Object.entries(annotations).map(([key, annotation]): [string, unknown] => [
    key,
    jsonValue(annotation, {
      isArray: shape?.isArray(key) ?? false,
      exactNumbers: options.exactNumbers === true,
    }),
  ]);
  // A field of the entity overrides an annotation with the same name.
  const values: Record<string, unknown> = Object.fromEntries(entries);
  return { ...values, ...entityModel(world, record, version) };
}

/**
 * A single value is written as a scalar, unless the schema defines an array; no value as an empty
 * text.
 */
function jsonValue({ type, value }: M.AnnotationsValue, form: JsonForm): unknown {
  if (value.length === 0) {
    return '';
  }
  const values = value.map((text) => jsonScalar(type, text, form));
  return values.length === 1 && !form.isArray ? values[0] : values;
}

interface JsonForm {
  readonly isArray: boolean;
  readonly exactNumbers: boolean;
}

function jsonScalar(
  type: M.AnnotationsValue['type'],
  text: string,
  { exactNumbers }: JsonForm,
): unknown {
  switch (type) {
    case 'BOOLEAN':
      return text.toLowerCase() === 'true';
    case 'DOUBLE':
      return doubleJson(doubleOf(text), exactNumbers);
    case 'LONG':
      return exactNumbers ? new ExactNumber(String(BigInt(text.replace('+', '')))) : Number(text);
    case 'TIMESTAMP_MS':
      return isoOf(text);
    case 'STRING':
    case undefined:
      return text;
  }
}

/** JSON has no NaN and no infinities: they are strings. */
function doubleJson(value: number, exactNumbers: boolean): unknown {
  if (!Number.isFinite(value)) {
    return String(value);
  }
  return exactNumbers ? new ExactNumber(javaDouble(value)) : value;
}

/** A time outside the range of dates stays a number. */
function isoOf(milliseconds: string): string {
  const date = new Date(Number(milliseconds));
  return Number.isNaN(date.getTime()) ? milliseconds : date.toISOString();
}

/**
 * The annotations of a flat object: all properties that are not fields of the entity type.
 *
 * @param json with exact numbers, where the types of numbers matter
 * @throws 400 for a value that is not an annotation
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/json.html
 */
export function annotationsFromJson(
  type: M.EntityType,
  json: Readonly<Record<string, unknown>>,
): AnnotationMap {
  const fields = propertyNames(entityTypes[type]);
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key]) => !fields.has(key))
      .map(([key, value]) => [key, annotationFromJson(key, value)]),
  );
}

function propertyNames(info: EntityTypeInfo): ReadonlySet<string> {
  const shortName = info.concreteType.slice(info.concreteType.lastIndexOf('.') + 1);
  return new Set(Object.keys(schemas[shortName]?.properties ?? {}));
}

const numeric: ReadonlySet<M.AnnotationsValueType> = new Set(['DOUBLE', 'LONG']);

/**
 * The annotation that a JSON value stands for. A list has one type, but whole numbers may be among
 * others.
 *
 * @throws 400
 */
export function annotationFromJson(key: string, value: unknown): M.AnnotationsValue {
  if (value === null || value === undefined) {
    throw badRequest(`null is not allowed as a value for key: '${key}'`);
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.includes(null)) {
    throw badRequest(`null is not allowed as a value in the list for key: '${key}'`);
  }
  const types = [...new Set(values.map(typeOf))];
  const [type] = types;
  if (type === undefined) {
    throw badRequest(`a value or a value type must be set for values associated with key=${key}`);
  }
  if (types.length > 1 && !types.every((one) => numeric.has(one))) {
    throw badRequest(`List of mixed types found for key: '${key}'`);
  }
  return {
    type: types.length > 1 ? 'DOUBLE' : type,
    value: values.map((one) => annotationText(typeOf(one), one)),
  };
}

function typeOf(value: unknown): M.AnnotationsValueType {
  if (isExactNumber(value)) {
    return /^-?\d+$/.test(String(value)) ? 'LONG' : 'DOUBLE';
  }
  switch (typeof value) {
    case 'boolean':
      return 'BOOLEAN';
    case 'number':
      return Number.isSafeInteger(value) ? 'LONG' : 'DOUBLE';
    case 'string':
      return isoDate.test(value) && !Number.isNaN(Date.parse(value)) ? 'TIMESTAMP_MS' : 'STRING';
    default:
      return 'STRING';
  }
}

/** Numbers are written as Java does: `1.0`, and not `1.00` or `1e0`. */
function annotationText(type: M.AnnotationsValueType, value: unknown): string {
  if (type === 'DOUBLE') {
    return javaDouble(Number(value));
  }
  if (typeof value !== 'string') {
    return stringifyExact(value);
  }
  return type === 'TIMESTAMP_MS' ? String(Date.parse(value)) : value;
}
