import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import { limits } from '../limits.js';

/** The annotations of a version, by key. */
export type AnnotationMap = Readonly<Record<string, M.AnnotationsValue>>;

/** Maximum number of keys of an entity. */
export const maxKeys = limits.annotationKeys;
/** Maximum number of values of a key. */
export const maxValues = limits.annotationValues;

const keyPattern = /^[a-zA-Z0-9,_.]+$/;
/** The service reserves these keys, whatever their case. */
const reservedKeys: ReadonlySet<string> = new Set(['_accessrequirementids']);

/**
 * Checks the annotations and returns them as they are stored.
 *
 * @throws 400 for a key, a value or a number of them that is not allowed.
 */
export function checkAnnotations(
  map: Readonly<Record<string, M.AnnotationsValue>> | undefined,
): AnnotationMap {
  const entries = Object.entries(map ?? {});
  if (entries.length > maxKeys) {
    throw badRequest(`Exceeded maximum number of annotation keys: ${maxKeys}`);
  }
  const checked: [string, M.AnnotationsValue][] = entries.map(([key, value]) => [
    checkKey(key),
    checkValue(key, value),
  ]);
  return Object.fromEntries(checked);
}

function checkKey(key: string): string {
  const trimmed = key.trim();
  if (trimmed === '') {
    throw badRequest('Annotation names cannot be empty strings');
  }
  if (!keyPattern.test(trimmed)) {
    throw badRequest(
      `Invalid annotation name: '${trimmed}'. Annotation names may only contain; letters, numbers, '_' and '.'`,
    );
  }
  if (reservedKeys.has(trimmed.toLowerCase())) {
    throw badRequest(
      `Invalid annotation name: '${trimmed}'. The annotation name is a system reserved annotation.`,
    );
  }
  return key;
}

function checkValue(key: string, value: M.AnnotationsValue): M.AnnotationsValue {
  const { type, value: values } = value;
  if (values.length > maxValues) {
    throw badRequest(`key=${key} has exceeded the maximum number of values allowed: ${maxValues}`);
  }
  if (type === undefined) {
    throw badRequest(`a value or a value type must be set for values associated with key=${key}`);
  }
  const length = values.reduce((sum, one) => sum + one.length, 0);
  if (type === 'STRING' && length > limits.annotationText) {
    throw badRequest(
      `Total String value too long. Can be at most ${limits.annotationText} characters.`,
    );
  }
  for (const one of values) {
    if (!isValidValue(type, one)) {
      throw badRequest(`Value associated with key=${key} is not valid for type=${type}: ${one}`);
    }
  }
  return { type, value: values };
}

/** Whether a text can be read as a value of the type. */
export function isValidValue(type: M.AnnotationsValueType, text: string): boolean {
  switch (type) {
    case 'STRING':
      return true;
    case 'BOOLEAN':
      return /^(?:true|false)$/i.test(text);
    case 'DOUBLE':
      return isDouble(text);
    case 'LONG':
    case 'TIMESTAMP_MS':
      return isLong(text);
  }
}

/** The value of a DOUBLE. */
export function doubleOf(text: string): number {
  const trimmed = text.trim();
  const [, sign, name] = /^([+-]?)(nan|inf(?:inity)?)$/i.exec(trimmed) ?? [];
  if (name === undefined) {
    // Java also takes a type suffix: 1.5f, 2d.
    return Number(trimmed.replace(/[fFdD]$/, ''));
  }
  const value = name.toLowerCase() === 'nan' ? NaN : Infinity;
  return sign === '-' ? -value : value;
}

/** Decimal numbers as the service accepts them, including `NaN`, infinities and a type suffix. */
function isDouble(text: string): boolean {
  const trimmed = text.trim();
  return (
    /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?$/.test(trimmed) ||
    /^[+-]?(?:NaN|Infinity)$/.test(trimmed) ||
    /^(?:nan|[+-]?inf(?:inity)?)$/i.test(trimmed)
  );
}

function isLong(text: string): boolean {
  return /^[+-]?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}
