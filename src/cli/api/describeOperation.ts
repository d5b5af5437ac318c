import type { Operation } from '../../api/operation.js';
import { shortName } from '../../values/shortName.js';
import { operationFlags, type CallFlag } from '../operationCall.js';
import { takenNames } from './takenNames.js';
import {
  bodyFields,
  bodySchema,
  choices,
  concreteTypeOf,
  hasParts,
  itemSchema,
  loadSchemas,
  modelName,
  resolved,
  type BodyField,
  type Schemas,
} from './bodySchema.js';
import { exampleCall, exampleLine } from './exampleCall.js';
import { startsJob } from './jobOf.js';
import { operationTitle, restPage } from './operationSummary.js';
import { loadOperationTexts, type OperationTexts } from './operationTexts.js';

/** The help of an operation. */
export interface OperationHelp {
  /** `api entity.getEntity` */
  id: string;
  summary: string;
  description: string;
  examples: string[];
  flags: Record<string, CallFlag>;
  /** Flags of `synapse api` that this operation has no use for. */
  useless: string[];
}

/** What describes an operation. */
export interface DescribeOptions {
  /** The directory of the built command line. */
  directory: string;
  /** Shows only the fields of this type of a body that has several. */
  concreteType?: string | undefined;
}

/** Describes an operation for the help. */
export async function describeOperation(
  operation: Operation,
  { directory, concreteType }: DescribeOptions,
): Promise<OperationHelp> {
  const [schemas, texts] = await Promise.all([loadSchemas(), loadOperationTexts(directory)]);
  const types = typesOf(operation, schemas);
  const chosen = types.find((type) => type === concreteType || shortName(type) === concreteType);
  const all = flagsWithTexts(operation, { schemas, texts, chosen });
  const fields = bodyFields(bodySchema(operation.body, schemas), schemas);
  const shown = fields.filter(
    ({ only }) => only.length === 0 || (chosen !== undefined && only.includes(chosen)),
  );
  const names = new Set(shown.map(({ name }) => name));
  const flags = Object.fromEntries(
    Object.entries(all).filter(
      ([, { helpGroup, sets }]) => helpGroup !== 'BODY' || names.has(sets),
    ),
  );
  return {
    id: `api ${operation.id}`,
    summary: `${operationTitle(operation)}: ${operation.method} ${operation.path}`,
    description: paragraphs(operation, {
      schemas,
      texts,
      shown,
      isCut: shown.length < fields.length,
    }).join('\n\n'),
    examples: examplesOf(operation, { flags: all, schemas, concreteType: chosen }),
    flags,
    useless: uselessFlags(operation),
  };
}

function uselessFlags(operation: Operation): string[] {
  const { body, page } = operation;
  return [
    'list',
    ...(body === '' ? ['body', 'field', 'raw-field', 'field-json'] : []),
    ...(page === '' ? ['paginate'] : []),
    ...(startsJob(operation) ? [] : ['wait']),
  ];
}

function typesOf({ body }: Operation, schemas: Schemas): string[] {
  return [...choices(bodySchema(body, schemas), schemas).keys()];
}

interface Sources {
  schemas: Schemas;
  texts: OperationTexts;
}

function flagsWithTexts(
  operation: Operation,
  { schemas, texts, chosen }: Sources & { chosen?: string | undefined },
): Record<string, CallFlag> {
  const parameters = texts.operations[operation.id]?.parameters ?? {};
  // The fields of a union have the texts of the chosen member, else of the first that has them.
  const members = memberNames(operation, schemas);
  const own = members.filter((name) => concreteTypeOf(schemas[name] ?? {}) === chosen);
  const models = [operation.body, ...own, ...members];
  const fields = Object.assign(
    {},
    ...[...models].reverse().map((model) => texts.fields[model]),
  ) as Record<string, string>;
  return operationFlags(operation, { schemas, taken: takenNames, texts: { parameters, fields } });
}

function memberNames({ body }: Operation, schemas: Schemas): string[] {
  return schemas[body]?.oneOf?.flatMap((member) => modelName(member) ?? []) ?? [];
}

interface Shown extends Sources {
  /** The fields of the body that the help is about. */
  shown: readonly BodyField[];
  /** Whether there are more. */
  isCut: boolean;
}

function paragraphs(operation: Operation, { schemas, texts, shown, isCut }: Shown): string[] {
  const { id, body, response, parse, page } = operation;
  const answer = texts.operations[id]?.answer;
  const type =
    parse === 'redirect' ? 'the URL of a file' : response === '?' ? 'any JSON' : response || 'none';
  const model = texts.models[body];
  const nested = shown
    .filter(({ schema }) => hasParts(itemSchema(schema, schemas)))
    .map((field) => fieldText(field, schemas));
  const types = typesOf(operation, schemas).map(shortName);
  return [
    ...(model === undefined ? [] : [model]),
    [
      ...(body === '' ? [] : [`Request body: ${body === '?' ? 'any JSON object' : body}`]),
      ...(types.length > 1 ? [`Types of the body: ${types.join(', ')}`] : []),
      ...(isCut
        ? [`Fields of one type: synapse api ${id} --concrete-type ${types.at(-1) ?? ''} --help`]
        : []),
      ...(nested.length > 0 ? [`Fields for --field and --field-json: ${nested.join(', ')}`] : []),
      `Answer: ${type}${answer === undefined ? '' : ` (${answer.replace(/\.$/, '')})`}`,
      ...(page === '' ? [] : ['The answer has pages: --paginate fetches all.']),
      ...(startsJob(operation) ? ['This starts a job: --wait waits for its result.'] : []),
      `Documentation: ${restPage(operation)}`,
    ].join('\n'),
  ];
}

function fieldText({ name, schema }: BodyField, schemas: Schemas): string {
  const isList = resolved(schema, schemas).type === 'array';
  const type = modelName((isList ? resolved(schema, schemas).items : schema) ?? {});
  return `${name}${isList ? '[]' : ''}${type === undefined ? '' : ` (${type})`}`;
}

function examplesOf(operation: Operation, sources: Parameters<typeof exampleCall>[1]): string[] {
  const words = exampleCall(operation, sources);
  const isJob = startsJob(operation);
  const more = operation.page === '' ? (isJob ? ['--wait'] : []) : ['--paginate'];
  return [exampleLine([...words, ...more])];
}
