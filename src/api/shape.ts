import { isHeaderText } from '../values/headerText.js';

/** Why a value does not have its shape. */
export interface Mismatch {
  /** The path of the field, such as `page[3].name`; empty for the whole value. */
  field: string;
  expected: string;
  actual: unknown;
}

/** Checks a value that JSON.parse returned. @returns `undefined` when the value has the shape */
export type Shape = (value: unknown) => Mismatch | undefined;

function primitive(expected: string, test: (value: unknown) => boolean): Shape {
  return (actual) => (test(actual) ? undefined : { field: '', expected, actual });
}

export const text = primitive('text', (value) => typeof value === 'string');
/** The cell of a table. */
export const textOrNull = primitive(
  'text or null',
  (value) => typeof value === 'string' || value === null,
);

export const flag = primitive('true or false', (value) => typeof value === 'boolean');
export const anything: Shape = () => undefined;

/** A count, a size or a version. JSON can hold numbers that are none: 1e400 is infinity. */
export const count = primitive(
  'a whole number from 0 to 2^53',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);

export const number = primitive('a number', Number.isFinite);

/** A time in the form of ISO 8601. */
export const time = primitive(
  'a time',
  (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
);

/** A value of an annotation. */
export const scalar = primitive('text, a number, true or false', (value) =>
  ['string', 'number', 'bigint', 'boolean'].includes(typeof value),
);

/** The value of a header. */
export const headerValue = primitive(
  'the value of a header',
  (value) => typeof value === 'string' && isHeaderText(value),
);

export function listOf(item: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return { field: '', expected: 'a list', actual: value };
    for (const [index, each] of value.entries()) {
      const mismatch = item(each);
      if (mismatch !== undefined) return within(`[${index}]`, mismatch);
    }
    return undefined;
  };
}

/** An object whose keys are names. @param name - Tests a key. */
export function mapOf(item: Shape, name: (key: string) => boolean = () => true): Shape {
  return (value) => {
    if (!isObject(value)) return { field: '', expected: 'an object', actual: value };
    for (const [key, each] of Object.entries(value)) {
      if (!name(key)) return { field: shortened(key), expected: 'a valid name', actual: key };
      const mismatch = item(each);
      if (mismatch !== undefined) return within(shortened(key), mismatch);
    }
    return undefined;
  };
}

/**
 * An object. Other members are not looked at: the service may add some at any time. A `null` of an optional member means the
 * same as its absence, and is removed.
 */
export function members(
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  const rules = [
    ...Object.entries(required).map(([key, shape]) => ({ key, shape, isRequired: true })),
    ...Object.entries(optional).map(([key, shape]) => ({ key, shape, isRequired: false })),
  ];
  return (value) => {
    if (!isObject(value)) return { field: '', expected: 'an object', actual: value };
    for (const { key, shape, isRequired } of rules) {
      const member = Object.hasOwn(value, key) ? value[key] : undefined;
      if (member === null && !isRequired) Reflect.deleteProperty(value, key);
      if (!isRequired && (member ?? undefined) === undefined) continue;
      const mismatch = shape(member);
      if (mismatch !== undefined) return within(key, mismatch);
    }
    return undefined;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const longestKey = 60;

function shortened(key: string): string {
  return key.length > longestKey ? `${key.slice(0, longestKey)}…` : key;
}

/** A mismatch in a member, as one of the whole. */
function within(member: string, { field, ...mismatch }: Mismatch): Mismatch {
  const separator = field === '' || field.startsWith('[') ? '' : '.';
  return { ...mismatch, field: `${member}${separator}${field}` };
}
