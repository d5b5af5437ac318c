import { isDeepStrictEqual } from 'node:util';

import { schemas } from '../../../generated/schemas.js';
import type * as M from '../../../generated/models.js';
import type { World } from '../world.js';
import { ExactNumber, isExactNumber, stringifyExact } from '../kernel/exactJson.js';
import { doubleOf, type AnnotationMap } from './annotationValues.js';
import { entityHooks } from './entityHooks.js';
import { entityModel } from './entityModels.js';
import type { EntityRecord, VersionRecord } from './entityRecords.js';
import { entityTypes, type EntityTypeInfo } from './entityTypes.js';

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/;
const specialNumbers: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);

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
      isArray: shape?.isArray(key) === true,
      exactNumbers: options.exactNumbers === true,
    }),
  ]);
  // A field of the entity overrides an annotation with the same name.
  const values: Record<string, unknown> = Object.fromEntries(entries);
  return { ...values, ...entityModel(world, record, version) };
}

/** A single value is written as a scalar, unless the schema defines an array. */
function jsonValue({ type, value }: M.AnnotationsValue, form: JsonForm): unknown {
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
  const text = Object.is(value, -0) ? '-0' : String(value);
  return exactNumbers ? new ExactNumber(/[.e]/.test(text) ? text : `${text}.0`) : value;
}

/** A time outside the range of dates stays a number. */
function isoOf(milliseconds: string): string {
  const date = new Date(Number(milliseconds));
  return Number.isNaN(date.getTime()) ? milliseconds : date.toISOString();
}

/**
 * The annotations of a flat object: all properties that are not fields of the entity type. A value
 * that is the same as before leaves its annotation as it is, with its type.
 *
 * @param json with exact numbers, where the types of numbers matter
 * @param current the annotations before
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/json.html
 */
export function annotationsFromJson(
  type: M.EntityType,
  json: Readonly<Record<string, unknown>>,
  current: AnnotationMap = {},
): AnnotationMap {
  const fields = propertyNames(entityTypes[type]);
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key, value]) => !fields.has(key) && value !== null)
      .map(([key, value]) => {
        const old = Object.hasOwn(current, key) ? current[key] : undefined;
        return [key, old !== undefined && isSame(old, value) ? old : annotationOf(value)];
      }),
  );
}

function isSame(old: M.AnnotationsValue, json: unknown): boolean {
  const given: unknown[] = Array.isArray(json) ? json : [json];
  const form = { isArray: true, exactNumbers: true };
  const isDouble = old.type === 'DOUBLE';
  const written = old.value.map((text) => jsonScalar(old.type, text, form));
  return isDeepStrictEqual(
    given.map((one) => comparable(one, isDouble)),
    written.map((one) => comparable(one, isDouble)),
  );
}

/** A client whose numbers have no decimal point sends 1 for the DOUBLE 1.0. */
function comparable(value: unknown, isDouble: boolean): unknown {
  if (!isExactNumber(value)) {
    return value;
  }
  const text = String(value);
  const isRounded = /^-?\d+$/.test(text) && BigInt(Number(text)) !== BigInt(text);
  return isDouble && !isRounded ? Number(text) : text;
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
  if (isExactNumber(value)) {
    return /^-?\d+$/.test(String(value)) ? 'LONG' : 'DOUBLE';
  }
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
    return stringifyExact(value);
  }
  return type === 'TIMESTAMP_MS' ? String(Date.parse(value)) : value;
}
