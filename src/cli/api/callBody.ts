import type { Operation } from '../../api/operation.js';
import { parseJsonInput } from '../../values/json.js';
import { kebabCase } from '../kebabCase.js';
import type { CallFlag } from '../operationCall.js';
import { readJsonArgument } from '../readJsonArgument.js';
import { readSource } from '../readSource.js';
import { usageError } from '../usageError.js';
import { anyJson, bodySchema, type Schemas } from './bodySchema.js';
import { completeBody } from './completeBody.js';
import { readFieldValue } from './fieldPath.js';
import { readTyped } from './readTyped.js';
import { setField, type FieldSetting } from './setField.js';

/** A `--field`, `--raw-field` or `--field-json`, in the order of the command line. */
export interface FieldWord {
  flag: 'field' | 'raw-field' | 'field-json';
  text: string;
}

/** What the body of a call is made from. */
export interface BodySources {
  /** `undefined` for an endpoint that is not described. */
  operation: Operation | undefined;
  schemas: Schemas;
  /** The value of `--body`. */
  body: unknown;
  fields: readonly FieldWord[];
  /** The flags of single fields, with their definitions. */
  flags: Readonly<Record<string, unknown>>;
  definitions: Readonly<Record<string, CallFlag>>;
}

/**
 * The body of a call: `--body`, with the fields that flags set in it.
 *
 * @throws a usage error when the body is missing, when the operation takes none, and for values that do not fit
 */
export async function callBody(sources: BodySources): Promise<unknown> {
  const { operation, schemas, body } = sources;
  const settings = await readSettings(sources);
  const isGiven = body !== undefined || settings.length > 0;
  if (operation?.body === '') {
    if (isGiven) throw noBody(operation);
    return undefined;
  }
  if (operation !== undefined && !isGiven) {
    throw usageError(
      `${operation.id} needs a request body (${operation.body === '?' ? 'a JSON object' : operation.body}): ` +
        `give its fields as flags, or --body. \`synapse api ${operation.id} --help\` lists the fields.`,
    );
  }
  const schema = operation === undefined ? anyJson : bodySchema(operation.body, schemas);
  const whole = withFields(body, settings, { schema, schemas });
  return completeBody(whole, { schema, schemas });
}

function noBody({ id, parameters }: Operation): Error {
  const names = parameters.map(({ name }) => `--${kebabCase(name)}`);
  const hint =
    names.length === 0
      ? 'It takes no parameters.'
      : `Its parameters are flags: ${names.join(', ')}.`;
  return usageError(`${id} takes no request body. ${hint}`);
}

async function readSettings({
  fields,
  flags,
  definitions,
  schemas,
}: BodySources): Promise<FieldSetting[]> {
  const direct = Object.entries(definitions).flatMap(([name, { helpGroup, sets }]) => {
    const given = flags[name];
    return helpGroup === 'BODY' && given !== undefined
      ? directSettings(name, { sets, given, schemas })
      : [];
  });
  return [...direct, ...(await Promise.all(fields.map((field) => fieldSetting(field, schemas))))];
}

function directSettings(
  flag: string,
  { sets, given, schemas }: { sets: string; given: unknown; schemas: Schemas },
): FieldSetting[] {
  const what = `--${flag}`;
  const setting = (value: unknown, steps: FieldSetting['steps']): FieldSetting => ({
    what,
    steps,
    read: (schema) =>
      typeof value === 'string' ? readTyped(what, value, { schema, schemas }) : value,
  });
  const step = { name: sets };
  return Array.isArray(given)
    ? given.map((item) => setting(item, [step, 'item']))
    : [setting(given, [step])];
}

async function fieldSetting({ flag, text }: FieldWord, schemas: Schemas): Promise<FieldSetting> {
  const { path, steps, value } = readFieldValue(`--${flag}`, text);
  const what = `--${flag} ${path}`;
  if (flag === 'raw-field') return { what, steps, read: () => value };
  if (flag === 'field-json') {
    const json = await readJsonArgument(what, value, parseJsonInput);
    return { what, steps, read: () => json };
  }
  const content = value.startsWith('@') ? await readSource(what, value.slice(1)) : value;
  return { what, steps, read: (schema) => readTyped(what, content, { schema, schemas }) };
}

function withFields(
  body: unknown,
  settings: readonly FieldSetting[],
  context: { schema: ReturnType<typeof bodySchema>; schemas: Schemas },
): unknown {
  if (settings.length === 0) return body;
  const base = body ?? {};
  if (typeof base !== 'object' || Array.isArray(base)) {
    throw usageError('--body is not a JSON object, so its fields cannot be set by flags.');
  }
  const given = new Set<string>();
  // The type comes first, because it decides which fields there are.
  const [types, others] = [true, false].map((isType) =>
    settings.filter(({ steps }) => isType === isTypeStep(steps)),
  );
  for (const setting of [...(types ?? []), ...(others ?? [])]) {
    setField(base as Record<string, unknown>, setting, { ...context, given });
  }
  return base;
}

function isTypeStep([first, ...rest]: FieldSetting['steps']): boolean {
  return typeof first === 'object' && first.name === 'concreteType' && rest.length === 0;
}
