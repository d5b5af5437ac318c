import type { Operation } from '../../api/operation.js';
import { shellWord } from '../shellWord.js';
import { shortName } from '../../values/shortName.js';
import {
  bodyFields,
  bodySchema,
  choices,
  concreteTypeOf,
  propertySchema,
  resolved,
  type Schemas,
} from './bodySchema.js';
import type { CallFlag } from '../operationCall.js';

/** What an example is made from. */
export interface ExampleSources {
  flags: Readonly<Record<string, CallFlag>>;
  schemas: Schemas;
  /** The type of a body that has several. @default the first */
  concreteType?: string | undefined;
}

/** An example of a call: the words after `synapse api`. */
export function exampleCall(operation: Operation, sources: ExampleSources): string[] {
  const { flags } = sources;
  const required = Object.entries(flags).flatMap(([name, flag]) =>
    flag.helpGroup === 'PARAMETER' && flag.required ? [...exampleWords(name, flag)] : [],
  );
  return [operation.id, ...required, ...bodyWords(operation, sources)];
}

function exampleWords(name: string, flag: CallFlag): string[] {
  if (flag.type === 'boolean') return [`--${name}`];
  return [`--${name}`, exampleValue(flag)];
}

function exampleValue({ sets, options, helpValue, valueKind }: CallFlag): string {
  if (options?.[0] !== undefined) return options[0];
  if (valueKind === 'entity' || valueKind === 'container') return 'syn123';
  if (helpValue === '<integer>' || helpValue === '<number>') return '1';
  return /id$/i.test(sets) ? '123' : sets === 'name' ? 'data' : 'text';
}

/** Fields that most bodies need, although the description of the API does not say so. */
const usual = [
  'name',
  'parentId',
  'entityId',
  'ownerId',
  'projectId',
  'teamId',
  'evaluationId',
  'subject',
  'title',
];

/** At most so many fields: the example shows how, not all. */
const mostFields = 3;

function bodyWords(operation: Operation, { flags, schemas, ...given }: ExampleSources): string[] {
  if (operation.body === '') return [];
  const schema = bodySchema(operation.body, schemas);
  const members = choices(schema, schemas);
  const concreteType = given.concreteType ?? [...members.keys()][0];
  const words: string[] = [];
  if (concreteType !== undefined) words.push('--concrete-type', shortName(concreteType));
  const fields = bodyFields(schema, schemas);
  const model = members.get(concreteType ?? '') ?? resolved(schema, schemas);
  const needed = fields.filter(
    ({ name }) => name !== 'concreteType' && model.required?.includes(name),
  );
  const chosen = [
    ...needed.map(({ name }) => name),
    ...usual.filter((name) => model.properties?.[name] !== undefined),
  ];
  for (const name of [...new Set(chosen)].slice(0, Math.max(needed.length, mostFields))) {
    const found = Object.entries(flags).find(
      ([, flag]) => flag.helpGroup === 'BODY' && flag.sets === name,
    );
    const property = propertySchema(schema, name, { schemas, concreteType });
    if (found) words.push(...exampleWords(...found));
    else if (property)
      words.push('--field-json', `${name}=${JSON.stringify(exampleJson(property, schemas))}`);
  }
  return words.length > 0 ? words : [...firstField(flags)];
}

/** Where no field is needed, the first shows how; a body without such fields is given as JSON. */
function firstField(flags: Readonly<Record<string, CallFlag>>): string[] {
  const first = Object.entries(flags).find(
    ([name, { helpGroup }]) => helpGroup === 'BODY' && name !== 'concrete-type',
  );
  return first ? exampleWords(...first) : ['--body', '{}'];
}

function exampleJson(schema: Parameters<typeof resolved>[0], schemas: Schemas): unknown {
  const model = resolved(schema, schemas);
  if (model.enum?.[0] !== undefined) return model.enum[0];
  const example: Readonly<Record<string, () => unknown>> = {
    array: () => (model.items === undefined ? [] : [exampleJson(model.items, schemas)]),
    boolean: () => true,
    integer: () => 1,
    number: () => 1,
    string: () => 'text',
  };
  const make = example[model.type ?? ''];
  if (make !== undefined) return make();
  const member = model.oneOf?.[0] === undefined ? model : resolved(model.oneOf[0], schemas);
  const concreteType = concreteTypeOf(member);
  return {
    ...(concreteType !== undefined && { concreteType }),
    ...Object.fromEntries(
      (member.required ?? [])
        .filter((name) => name !== 'concreteType')
        .map((name) => [name, exampleJson(member.properties?.[name] ?? {}, schemas)]),
    ),
  };
}

/** The example as a command line. */
export function exampleLine(words: readonly string[]): string {
  return ['synapse', 'api', ...words.map(shellWord)].join(' ');
}
