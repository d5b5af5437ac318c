import { isDeepStrictEqual } from 'node:util';

import type * as M from '../../../generated/models.js';
import { brokenFormat } from './schemaFormats.js';
import { keywordTypeOf, type KeywordType } from './schemaParts.js';
import { schemaPattern } from './schemaPattern.js';
import {
  isObject,
  javaText,
  javaType,
  violation,
  type Check,
  type Checking,
  type Subject,
  type Violation,
} from './violation.js';

const typeNames: Readonly<Record<M.Type, string>> = {
  array: 'JSONArray',
  boolean: 'Boolean',
  integer: 'Integer',
  null: 'null',
  number: 'Number',
  object: 'JSONObject',
  string: 'String',
};

/** Checks the type of a value, and the keywords of that type. */
export function checkTyped(
  checking: Checking,
  schema: M.JsonSchema,
  { type, isRequired }: { readonly type: M.Type; readonly isRequired: boolean },
  subject: Subject,
): Violation[] {
  const found = javaType(checking.numbers, subject);
  if (!isOfType(type, subject.value, found)) {
    const wanted = type === 'null' ? 'expected: null' : `expected type: ${typeNames[type]}`;
    return isRequired ? [violation(subject, `${wanted}, found: ${found}`, 'type')] : [];
  }
  const keywords = keywordTypeOf(type);
  return keywords === undefined ? [] : typedChecks[keywords](checking, schema, subject);
}

function isOfType(type: M.Type, value: unknown, found: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'integer':
      return found === 'Integer' || found === 'Long';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'boolean':
    case 'number':
    case 'string':
      return typeof value === type;
  }
}

const typedChecks: Readonly<Record<KeywordType, Check>> = {
  array: checkArray,
  number: ({ numbers }, { minimum, maximum }, subject) => {
    const number = Number(subject.value);
    const text = javaText(numbers, subject);
    return [
      ...(minimum !== undefined && number < minimum
        ? [violation(subject, `${text} is not greater or equal to ${minimum}`, 'minimum')]
        : []),
      ...(maximum !== undefined && number > maximum
        ? [violation(subject, `${text} is not less or equal to ${maximum}`, 'maximum')]
        : []),
    ];
  },
  object: checkObject,
  string: checkString,
};

function checkString(
  _checking: Checking,
  { minLength, maxLength, pattern, format }: M.JsonSchema,
  subject: Subject,
): Violation[] {
  const text = String(subject.value);
  const { length } = Array.from(text);
  const notInFormat = format === undefined ? undefined : brokenFormat(format, text);
  return [
    ...(minLength !== undefined && length < minLength
      ? [violation(subject, `expected minLength: ${minLength}, actual: ${length}`, 'minLength')]
      : []),
    ...(maxLength !== undefined && length > maxLength
      ? [violation(subject, `expected maxLength: ${maxLength}, actual: ${length}`, 'maxLength')]
      : []),
    ...(pattern !== undefined && !schemaPattern(pattern).test(text)
      ? [violation(subject, `string [${text}] does not match pattern ${pattern}`, 'pattern')]
      : []),
    ...(notInFormat === undefined ? [] : [violation(subject, notInFormat, 'format')]),
  ];
}

function checkArray(checking: Checking, schema: M.JsonSchema, subject: Subject): Violation[] {
  const items: unknown[] = Array.isArray(subject.value) ? subject.value : [];
  const { minItems, maxItems, uniqueItems, contains } = schema;
  const count = items.length;
  const at = (index: number, place: string): Subject => ({
    value: items[index],
    pointer: `${subject.pointer}/${index}`,
    location: `${subject.location}/${place}`,
  });
  const isRepeated = items.some((item, index) =>
    items.slice(0, index).some((other) => isDeepStrictEqual(item, other)),
  );
  const isContained = items.some(
    (_item, index) =>
      contains && checking.violationOf(contains, at(index, 'contains')) === undefined,
  );
  return [
    ...(minItems !== undefined && count < minItems
      ? [
          violation(
            subject,
            `expected minimum item count: ${minItems}, found: ${count}`,
            'minItems',
          ),
        ]
      : []),
    ...(maxItems !== undefined && count > maxItems
      ? [
          violation(
            subject,
            `expected maximum item count: ${maxItems}, found: ${count}`,
            'maxItems',
          ),
        ]
      : []),
    ...(uniqueItems === true && isRepeated
      ? [violation(subject, 'array items are not unique', 'uniqueItems')]
      : []),
    ...items.flatMap(
      (_item, index) =>
        (schema.items && checking.violationOf(schema.items, at(index, 'items'))) ?? [],
    ),
    ...(contains !== undefined && !isContained
      ? [
          violation(
            subject,
            "expected at least one array item to match 'contains' schema",
            'contains',
          ),
        ]
      : []),
  ];
}

function checkObject(checking: Checking, schema: M.JsonSchema, subject: Subject): Violation[] {
  const object = isObject(subject.value) ? subject.value : {};
  const { properties = {}, required = [], additionalProperties } = schema;
  const member = (name: string, part: M.JsonSchema, place: string): Violation[] => {
    const found = checking.violationOf(part, {
      value: object[name],
      pointer: `${subject.pointer}/${escapePointer(name)}`,
      location: `${subject.location}/${place}`,
    });
    return found === undefined ? [] : [found];
  };
  return [
    ...required
      .filter((name) => !Object.hasOwn(object, name))
      .map((name) => violation(subject, `required key [${name}] not found`, 'required')),
    ...Object.keys(object)
      .filter((name) => !Object.hasOwn(properties, name))
      .flatMap((name) =>
        additionalProperties === undefined
          ? []
          : member(name, additionalProperties, 'additionalProperties'),
      ),
    ...Object.entries(properties).flatMap(([name, part]) =>
      Object.hasOwn(object, name) ? member(name, part, `properties/${escapePointer(name)}`) : [],
    ),
  ];
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
