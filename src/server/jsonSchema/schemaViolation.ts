import { isDeepStrictEqual } from 'node:util';

import type * as M from '../../../generated/models.js';
import type { World } from '../world.js';
import { resolved, schemaParts, type SchemaPart } from './schemaParts.js';
import { checkTyped } from './typedViolations.js';
import { compileSchema } from './validate.js';
import {
  javaText,
  violation,
  violationMessages,
  type Check,
  type Checking,
  type NumberKinds,
  type Subject,
  type Violation,
} from './violation.js';

/**
 * Validates a value with a whole schema and returns the violation; `undefined` for a valid value.
 * Its messages and structure are those of the everit validator, which the service uses.
 *
 * Ajv decides whether the value is valid. A second pass over the schema finds the messages, and
 * also doubles where an integer is required, which Ajv cannot distinguish.
 */
export function schemaViolation(
  world: World,
  whole: M.JsonSchema,
  value: unknown,
  numbers: NumberKinds,
): Violation | undefined {
  const validate = compileSchema(world, whole);
  const isValid = validate(value);
  const found = partViolation(whole, whole, value, numbers);
  if (found !== undefined || isValid) {
    return found;
  }
  const [error] = validate.errors ?? [];
  return violation(
    { value, pointer: `#${error?.instancePath ?? ''}`, location: error?.schemaPath ?? '#' },
    error?.message ?? 'is not valid',
    error?.keyword,
  );
}

/** The violation of a part of a whole schema, such as the condition of an `if`. */
export function partViolation(
  whole: M.JsonSchema,
  part: M.JsonSchema,
  value: unknown,
  numbers: NumberKinds,
): Violation | undefined {
  const checking: Checking = {
    numbers,
    violationOf: (inner, subject) => violationOf(checking, { whole, part: inner, subject }),
  };
  return checking.violationOf(part, { value, pointer: '#', location: '#' });
}

interface Visit {
  readonly whole: M.JsonSchema;
  readonly part: M.JsonSchema;
  readonly subject: Subject;
}

function violationOf(checking: Checking, { whole, part, subject }: Visit): Violation | undefined {
  const referred = resolved(whole, part);
  if (referred !== part) {
    return checking.violationOf(referred, { ...subject, location: part.$ref ?? '#' });
  }
  const rules = schemaParts(part);
  const [only] = rules;
  if (only !== undefined && rules.length === 1) {
    return oneOf(subject, check(checking, part, only, subject));
  }
  const beside = { ...subject, isBeside: true };
  const broken = rules.flatMap((rule) => {
    const found = oneOf(beside, check(checking, part, rule, beside));
    return found === undefined ? [] : [found];
  });
  return broken.length === 0 ? undefined : combined('allOf', rules.length, broken, subject);
}

/** Returns a single violation as it is, and several as the causes of one that counts them. */
function oneOf(subject: Subject, found: readonly Violation[]): Violation | undefined {
  const count = found.reduce((sum, one) => sum + violationMessages(one).length, 0);
  return found.length < 2
    ? found[0]
    : violation(subject, `${count} schema violations found`, undefined, found);
}

function check(
  checking: Checking,
  schema: M.JsonSchema,
  rule: SchemaPart,
  subject: Subject,
): Violation[] {
  switch (rule.kind) {
    case 'combined':
      return checkCombined(checking, schema[rule.keyword] ?? [], rule.keyword, subject);
    case 'typed':
      return checkTyped(checking, schema, rule, subject);
    case 'conditional':
    case 'const':
    case 'enum':
    case 'not':
      return checks[rule.kind](checking, schema, subject);
  }
}

const checks: Readonly<Record<'conditional' | 'const' | 'enum' | 'not', Check>> = {
  enum: ({ numbers }, schema, subject) =>
    schema.enum?.some((allowed) => isDeepStrictEqual(allowed, subject.value)) === true
      ? []
      : [violation(subject, `${javaText(numbers, subject)} is not a valid enum value`, 'enum')],
  // The service's validator reports no further rules after a constant.
  const: (_checking, schema, subject) =>
    isDeepStrictEqual(schema.const, subject.value) ? [] : [violation(subject, '', 'const')],
  not: (checking, { not = {} }, subject) =>
    checking.violationOf(not, nested(subject, 'not')) === undefined
      ? [
          violation(
            subject,
            `subject must not be valid against schema ${JSON.stringify(not)}`,
            'not',
          ),
        ]
      : [],
  conditional: checkConditional,
};

function checkConditional(checking: Checking, schema: M.JsonSchema, subject: Subject): Violation[] {
  const { if: condition } = schema;
  if (condition === undefined) {
    return [];
  }
  const unmet = checking.violationOf(condition, nested(subject, 'if'));
  const keyword = unmet === undefined ? 'then' : 'else';
  const next = schema[keyword];
  const broken = next && checking.violationOf(next, nested(subject, keyword));
  if (broken === undefined) {
    return [];
  }
  return unmet === undefined
    ? [violation(subject, 'input is invalid against the "then" schema', keyword, [broken])]
    : [
        violation(subject, 'input is invalid against both the "if" and "else" schema', keyword, [
          unmet,
          broken,
        ]),
      ];
}

type Combiner = 'allOf' | 'anyOf' | 'oneOf';

function checkCombined(
  checking: Checking,
  options: readonly M.JsonSchema[],
  keyword: Combiner,
  subject: Subject,
): Violation[] {
  const broken = options.flatMap((option, index) => {
    const found = checking.violationOf(option, nested(subject, `${keyword}/${index}`));
    return found === undefined ? [] : [found];
  });
  const matching = options.length - broken.length;
  const isMet: Readonly<Record<Combiner, boolean>> = {
    allOf: broken.length === 0,
    anyOf: matching > 0,
    oneOf: matching === 1,
  };
  return isMet[keyword] ? [] : [combined(keyword, options.length, broken, subject)];
}

function combined(
  keyword: Combiner,
  count: number,
  broken: readonly Violation[],
  subject: Subject,
): Violation {
  const matching = count - broken.length;
  const messages: Readonly<Record<Combiner, string>> = {
    allOf: `#: only ${matching} subschema matches out of ${count}`,
    anyOf: `#: no subschema matched out of the total ${count} subschemas`,
    oneOf: `#: ${matching} subschemas matched instead of one`,
  };
  return violation(subject, messages[keyword], keyword, broken);
}

/** The same value with another part of the schema. */
function nested(subject: Subject, place: string): Subject {
  return { ...subject, location: `${subject.location}/${place}`, isBeside: false };
}
