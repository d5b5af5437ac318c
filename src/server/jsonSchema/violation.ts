import type * as M from '../../../generated/models.js';
import { javaDouble } from '../tables/sql/numberText.js';

/** A violation of a schema, as the validator of the service reports it. */
export type Violation = M.ValidationException &
  Required<Pick<M.ValidationException, 'message' | 'pointerToViolation'>> & {
    readonly causingExceptions: Violation[];
  };

/** The Java types of the numbers of an object, because JSON does not distinguish `1.0` from `1`. */
export interface NumberKinds {
  /** The type of integers: `Long` in annotations, `Integer` in values read from JSON. */
  readonly integer: 'Integer' | 'Long';
  /** Whether the numbers of a top-level property are doubles, even those without a fraction. */
  readonly isDouble: (property: string) => boolean;
}

/** A value and its location. */
export interface Subject {
  readonly value: unknown;
  /** `#`, or `#/property`. */
  readonly pointer: string;
  /** The location of the rule in the schema. */
  readonly location: string;
  /** Whether it is one rule of several. The service omits the location of such a rule. */
  readonly isBeside?: boolean;
}

/** The functions that a check may use. */
export interface Checking {
  readonly numbers: NumberKinds;
  /** Validates a value with a part of the schema. */
  readonly violationOf: (part: M.JsonSchema, subject: Subject) => Violation | undefined;
}

/** Checks a value against some of the keywords of a schema. */
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

/** The messages of a violation, one for each violated rule. */
export function violationMessages({
  pointerToViolation,
  message,
  causingExceptions,
}: Violation): string[] {
  return causingExceptions.length === 0
    ? [`${pointerToViolation}: ${message}`]
    : causingExceptions.flatMap(violationMessages);
}

/** The Java class of a value in the service. */
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

/** Formats a value as Java does. */
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

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
