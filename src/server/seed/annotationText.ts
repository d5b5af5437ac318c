import type * as M from '../../../generated/models.js';
import { SeedError, type FixtureAnnotation, type FixtureValue } from './fixture.js';

/** Annotations of a fixture as the API writes them. */
export function annotationsOf(
  annotations: Readonly<Record<string, FixtureAnnotation>>,
): Record<string, M.AnnotationsValue> {
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [key, annotationOf(key, value)]),
  );
}

function annotationOf(key: string, annotation: FixtureAnnotation): M.AnnotationsValue {
  if (isTyped(annotation)) {
    return { type: annotation.type, value: [...annotation.value] };
  }
  const values: readonly FixtureValue[] = isList(annotation) ? annotation : [annotation];
  if (values.some(isRounded)) {
    throw new SeedError(
      `The annotation '${key}' has a whole number beyond 2^53: write {type: LONG, value: ["..."]}, or DOUBLE.`,
    );
  }
  const types = new Set(values.map(typeOf));
  // One fraction among numbers makes all of them doubles.
  if (types.size === 2 && types.has('LONG') && types.has('DOUBLE')) types.delete('LONG');
  const [type = 'STRING', ...others] = types;
  if (others.length > 0) {
    throw new SeedError(`The values of the annotation '${key}' are not of one type.`);
  }
  return { type, value: values.map(textOf) };
}

/** A value as the API writes it in annotations and table cells. */
export function textOf(value: FixtureValue): string {
  return value instanceof Date ? String(value.getTime()) : String(value);
}

/** The shortest JSON of an annotation that is read back unchanged. */
export function shortAnnotation({ type, value }: M.AnnotationsValue): FixtureAnnotation {
  const written = { type: type ?? 'STRING', value };
  const values = value.map((text): FixtureValue => {
    if (type === 'BOOLEAN') return text === 'true';
    return type === 'LONG' || type === 'DOUBLE' ? Number(text) : text;
  });
  const [first] = values;
  const short = values.length === 1 && first !== undefined ? first : values;
  if (values.some((one) => isRounded(one) || (typeof one === 'number' && !Number.isFinite(one)))) {
    return written;
  }
  const back = annotationOf('', short);
  const isSame = back.type === type && back.value.join('\n') === value.join('\n');
  return isSame ? short : written;
}

/** Whether a whole number may have lost digits when it was read. */
function isRounded(value: FixtureValue): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

function typeOf(value: FixtureValue): M.AnnotationsValueType {
  switch (typeof value) {
    case 'string':
      return 'STRING';
    case 'boolean':
      return 'BOOLEAN';
    case 'number':
      return Number.isSafeInteger(value) ? 'LONG' : 'DOUBLE';
    case 'object':
      return 'TIMESTAMP_MS';
  }
}

function isTyped(
  annotation: FixtureAnnotation,
): annotation is Exclude<FixtureAnnotation, FixtureValue | readonly FixtureValue[]> {
  return typeof annotation === 'object' && 'type' in annotation;
}

function isList(
  annotation: FixtureValue | readonly FixtureValue[],
): annotation is readonly FixtureValue[] {
  return Array.isArray(annotation);
}
