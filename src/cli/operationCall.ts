import { expectation, type Operation, type OperationParameter } from '../api/operation.js';
import {
  bodyFields,
  bodySchema,
  choices,
  hasParts,
  itemSchema,
  resolved,
  type BodyField,
  type Schemas,
} from './api/bodySchema.js';
import { wholeNumberFault } from './api/readTyped.js';
import { kebabCase } from './kebabCase.js';
import { usageError } from './usageError.js';
import type { ValueKind } from './valueKind.js';
import { shortName } from '../values/shortName.js';

/** A flag of an operation, with the properties of an oclif flag. */
export interface CallFlag {
  type: 'boolean' | 'option';
  /** The parameter or the field of the body that it sets. */
  sets: string;
  helpGroup: 'PARAMETER' | 'BODY';
  description: string;
  aliases: string[];
  required?: boolean;
  helpValue?: string;
  options?: string[];
  /** Values to suggest. Others are accepted too. */
  values?: string[];
  multiple?: boolean;
  delimiter?: ',';
  allowNo?: boolean;
  valueKind?: ValueKind;
}

/** What the flags of an operation are made from, beside its row. */
export interface FlagSources {
  /** Without them, enumerated values and the fields of the body are missing. */
  schemas?: Schemas;
  /** Parameters that have no flag, because the path gives them. */
  given?: readonly string[] | undefined;
  /** Names that a field of the body cannot have as a flag: those of the flags of `synapse api`. */
  taken?: readonly string[];
  /** Descriptions of parameters, and of the fields of the body. */
  texts?: {
    parameters?: Readonly<Record<string, string>>;
    fields?: Readonly<Record<string, string>>;
  };
}

/** A flag for every parameter of an operation, and for the fields of its body that are no objects. */
export function operationFlags(
  operation: Operation,
  { schemas = {}, given = [], taken = [], texts = {} }: FlagSources = {},
): Record<string, CallFlag> {
  const parameters = operation.parameters
    .filter(({ name }) => !given.includes(name))
    .map((parameter) => [
      kebabCase(parameter.name),
      parameterFlag(operation, parameter, { schemas, text: texts.parameters?.[parameter.name] }),
    ]);
  const names = new Set([
    ...taken,
    ...operation.parameters.flatMap(({ name }) => [name, kebabCase(name)]),
  ]);
  const schema = bodySchema(operation.body, schemas);
  const fields = bodyFields(schema, schemas)
    .filter(({ name }) => !names.has(kebabCase(name)) && !names.has(name))
    .flatMap((field) => {
      const types = field.name === 'concreteType' ? [...choices(schema, schemas).keys()] : [];
      const flag = fieldFlag(field, { schemas, types, text: texts.fields?.[field.name] });
      return flag === undefined ? [] : [[kebabCase(field.name), flag]];
    });
  return Object.fromEntries([...parameters, ...fields]) as Record<string, CallFlag>;
}

function parameterFlag(
  operation: Operation,
  { name, required, kind, valuesOf }: OperationParameter,
  { schemas, text }: { schemas: Schemas; text: string | undefined },
): CallFlag {
  const options = valuesOf === undefined ? undefined : schemas[valuesOf]?.enum;
  const valueKind = kindOfParameter(operation, name);
  return {
    ...named(name),
    helpGroup: 'PARAMETER',
    description:
      text ?? (kind === 'array' ? 'A list of texts.' : `A value of ${valuesOf ?? kind}.`),
    ...(required && { required }),
    ...(options !== undefined && { options: [...options] }),
    ...(valueKind !== undefined && { valueKind }),
    ...(kind === 'boolean'
      ? { type: 'boolean', allowNo: true }
      : {
          type: 'option',
          helpValue: `<${valuesOf === undefined ? kindWords[kind] : 'value'}>`,
          ...(kind === 'array' && { multiple: true, delimiter: ',' }),
        }),
  };
}

const kindWords = {
  string: 'text',
  number: 'number',
  integer: 'integer',
  array: 'text',
  boolean: '',
};

/** What is said about a value that the documentation does not describe. */
const kindTexts: Readonly<Record<string, string>> = {
  string: 'A text.',
  number: 'A number.',
  integer: 'A whole number.',
  boolean: 'Yes or no.',
};

function named(name: string): { sets: string; aliases: string[] } {
  return { sets: name, aliases: kebabCase(name) === name ? [] : [name] };
}

/** What is below the collection of a path: `/entity/{id}`. */
const kindsInPaths: readonly (readonly [pattern: RegExp, kind: ValueKind])[] = [
  [/\/entity\/\{(\w+)\}/, 'entity'],
  [/\/team\/\{(\w+)\}/, 'team'],
  [/\/evaluation\/\{(\w+)\}/, 'evaluation'],
  [/\/(?:user|userProfile)\/\{(\w+)\}/, 'user'],
];

const kindsByName: ReadonlyMap<string, ValueKind> = new Map<string, ValueKind>([
  ['entityId', 'entity'],
  ['parentId', 'container'],
  ['projectId', 'container'],
  ['teamId', 'team'],
  ['evaluationId', 'evaluation'],
]);

function kindOfParameter({ path }: Operation, name: string): ValueKind | undefined {
  const [, inPath] = kindsInPaths.find(([pattern]) => pattern.exec(path)?.[1] === name) ?? [];
  return inPath ?? kindsByName.get(name);
}

/** The flag of a field, if it is a value or a list of values. @param types - The choices of `concreteType`. */
function fieldFlag(
  { name, schema, required, only }: BodyField,
  {
    schemas,
    types,
    text,
  }: { schemas: Schemas; types: readonly string[]; text: string | undefined },
): CallFlag | undefined {
  const isList = resolved(schema, schemas).type === 'array';
  const value = itemSchema(schema, schemas);
  const { type, enum: allowed } = value;
  if (type === undefined || hasParts(value)) return undefined;
  const isChoice = types.length > 0;
  // The type of a body that has only one is implied.
  if (name === 'concreteType' && !isChoice) return undefined;
  const notes = [
    text,
    isChoice ? `One of: ${types.map(shortName).join(', ')}.` : undefined,
    only.length > 0
      ? `For ${only.slice(0, 3).map(shortName).join(', ')}${only.length > 3 ? ', ...' : ''}.`
      : undefined,
    required && name !== 'concreteType' ? 'Required.' : undefined,
  ];
  const isEnum = allowed !== undefined && name !== 'concreteType';
  const valueKind = kindsByName.get(name);
  return {
    ...named(name),
    helpGroup: 'BODY',
    description: notes.filter((note) => note !== undefined).join(' ') || (kindTexts[type] ?? ''),
    ...(isEnum && { options: [...allowed] }),
    ...(isChoice && { values: types.map(shortName) }),
    ...(valueKind !== undefined && { valueKind }),
    ...(type === 'boolean' && !isList
      ? { type: 'boolean', allowNo: true }
      : {
          type: 'option',
          helpValue: `<${isChoice ? 'type' : type === 'string' ? 'text' : type}>`,
          ...(isList && { multiple: true }),
        }),
  };
}

/**
 * The parameters of a call under their names in the API.
 *
 * @throws a usage error when a value is not of the parameter's kind
 */
export function operationArguments(
  operation: Operation,
  flags: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    operation.parameters.flatMap((parameter) => {
      const given = flags[kebabCase(parameter.name)];
      if (given === undefined) return [];
      checkValue(parameter, given);
      return [[parameter.name, given]];
    }),
  );
}

function checkValue({ name, kind }: OperationParameter, given: unknown): void {
  if (typeof given !== 'string') return;
  const wanted = kind === 'integer' ? wholeNumberFault(given) : expectation(kind, given);
  if (wanted === undefined) return;
  throw usageError(`--${kebabCase(name)} takes ${wanted}, not ${JSON.stringify(given)}.`);
}
