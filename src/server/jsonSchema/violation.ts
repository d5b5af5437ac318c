import type * as M from '../../../generated/models.js';
import { javaDouble } from '../tables/sql/numberText.js';

/** A way in which a value breaks a schema, as the validator of the service tells it. */
export type Violation = M.ValidationException &
  Required<Pick<M.ValidationException, 'message' | 'pointerToViolation'>> & {
    readonly causingExceptions: Violation[];
  };

/** How the service holds the numbers of an object: JSON does not tell `1.0` from `1`. */
export interface NumberKinds {
  /** What integers are to it: those of annotations are a `Long`, those read from JSON an `Integer`. */
  readonly integer: 'Integer' | 'Long';
  /** Whether the numbers of a top-level property are doubles, even those without a fraction. */
  readonly isDouble: (property: string) => boolean;
}

/** A value and where it stands. */
export interface Subject {
  readonly value: unknown;
  /** `#`, or `#/property`. */
  readonly pointer: string;
  /** Where the rule stands in the schema. */
  readonly location: string;
  /** Whether it is one rule of several: the service does not tell where such a rule stands. */
  readonly isBeside?: boolean;
}

/** What a check may ask. */
export interface Checking {
  readonly numbers: NumberKinds;
  /** What is wrong with a value by a part of the schema. */
  readonly violationOf: (part: M.JsonSchema, subject: Subject) => Violation | undefined;
}

/** Finds what a value breaks of some of the keywords of a schema. */
export type Check = (checking: Checking, schema: M.JsonSchema, subject: Subject) => Violation[];

/** One violation. */
export function violation(
  { pointer, location, isBeside = false }: Subject,
  message: string,
  keyword?: string,
  causes: readonly Violation[] = [],
): Violation {
  return {
    ...(keyword !== undefined && { keyword }),
    pointerToViolation: pointer,
    message,
    ...(!isBeside && { schemaLocation: location }),
    causingExceptions: [...causes],
  };
}

/** The messages of a violation, one for each rule that was broken in the end. */
export function violationMessages({
  pointerToViolation,
  message,
  causingExceptions,
}: Violation): string[] {
  return causingExceptions.length === 0
    ? [`${pointerToViolation}: ${message}`]
    : causingExceptions.flatMap(violationMessages);
}

/** The name of the Java class in which the service holds the value. */
export function javaType(numbers: NumberKinds, subject: Subject): string {
  const { value } = subject;
  if (value === null) {
    return 'Null';
  }
  if (typeof value === 'number') {
    return isDouble(numbers, subject) ? 'Double' : numbers.integer;
  }
  if (Array.isArray(value)) {
    return 'JSONArray';
  }
  return typeof value === 'boolean' ? 'Boolean' : isObject(value) ? 'JSONObject' : 'String';
}

/** A value as Java writes it. */
export function javaText(numbers: NumberKinds, subject: Subject): string {
  const { value } = subject;
  if (typeof value === 'number' && isDouble(numbers, subject)) {
    return javaDouble(value);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isDouble(numbers: NumberKinds, { value, pointer }: Subject): boolean {
  const property = (pointer.split('/')[1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
  return !Number.isInteger(value) || numbers.isDouble(property);
}

/** Whether a value is what JSON calls an object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
