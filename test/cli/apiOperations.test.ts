import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Parser } from '@oclif/core';
import { operations } from '../../generated/operations.js';
import { schemas } from '../../generated/schemas.js';
import { operationById, operationIds, type Operation } from '../../src/api/operation.js';
import { apiFlags } from '../../src/cli/api/apiFlags.js';
import { bodyFields, bodySchema, choices } from '../../src/cli/api/bodySchema.js';
import { booleanWords } from '../../src/cli/api/booleanWords.js';
import type { FieldWord } from '../../src/cli/api/callBody.js';
import type { PlannedRequest } from '../../src/cli/api/curlCommand.js';
import { exampleCall } from '../../src/cli/api/exampleCall.js';
import { matchPath } from '../../src/cli/api/matchPath.js';
import { oclifFlags } from '../../src/cli/api/oclifFlags.js';
import { restPage } from '../../src/cli/api/operationSummary.js';
import { planRequest } from '../../src/cli/api/planRequest.js';
import { readCall } from '../../src/cli/api/readCall.js';
import { takenNames } from '../../src/cli/api/takenNames.js';
import { BaseCommand } from '../../src/cli/baseCommand.js';
import { readCommandData } from '../../src/cli/commandData.js';
import { commandHelp } from '../../src/cli/help/commandHelp.js';
import { operationHelp } from '../../src/cli/help/operationHelp.js';
import { textWidth } from '../../src/cli/textWidth.js';
import { pythonFlags } from '../../src/cli/pythonFlags.js';
import { operationFlags, type CallFlag } from '../../src/cli/operationCall.js';
import { Synapse, type SynapseOptions } from '../../src/index.js';
import { Contract } from '../../src/server/kernel/contract.js';
import { parseParameters, readPath, readQuery } from '../../src/server/kernel/parameters.js';
import { parseJson } from '../../src/values/json.js';

const all = operationIds().flatMap((id) => operationById(id) ?? []);
const contract = new Contract();
let send: NonNullable<SynapseOptions['fetch']>;
const syn = new Synapse({
  endpoint: 'http://127.0.0.1:9',
  environment: {},
  configPath: '/dev/null',
  fetch: (...request) => send(...request),
});
afterAll(() => syn.close());
const bin = join(import.meta.dirname, '../../bin');

function flagsOf(operation: Operation): Record<string, CallFlag> {
  return operationFlags(operation, { schemas, taken: takenNames });
}

/** The request that `synapse api` would send for the words after the name of an operation. */
async function requestFor(operation: Operation, words: readonly string[]): Promise<PlannedRequest> {
  const definitions = flagsOf(operation);
  const { flags, raw } = await Parser.parse(booleanWords(words, definitions), {
    flags: { ...oclifFlags(definitions), ...apiFlags },
    strict: true,
  });
  const fields = raw.flatMap((token): FieldWord[] =>
    token.type === 'flag' && token.flag === 'field-json'
      ? [{ flag: 'field-json', text: token.input }]
      : [],
  );
  const body = typeof flags['body'] === 'string' ? parseJson(flags['body']) : undefined;
  const call = await readCall(operation, { schemas, definitions, flags, body, fields });
  return planRequest(
    (fetch) => {
      send = fetch;
      return Promise.resolve(syn);
    },
    (client) => client.call(call.name, call.args),
  );
}

/** What the embedded server would refuse in a request. */
function faultOf({ id }: Operation, { method, url, body }: PlannedRequest): string | undefined {
  const row = operations[id];
  if (row === undefined) return 'no operation';
  const [expectedMethod, template, tokens, model] = row;
  const { pathname, searchParams } = new URL(url);
  if (method !== expectedMethod) return method;
  const segments = pathname.split('/');
  const values: Record<string, string> = {};
  for (const [index, part] of template.split('/').entries()) {
    const segment = decodeURIComponent(segments[index] ?? '');
    if (part.startsWith('{')) values[part.slice(1, -1)] = segment;
    else if (part !== segment) return `${pathname} is not ${template}`;
  }
  const parameters = parseParameters(tokens);
  readPath(parameters, values);
  readQuery(parameters, searchParams);
  if (model === '') return body;
  return contract.checkRequest(model, JSON.parse(body ?? 'null'));
}

async function faultsOf(
  calls: Iterable<readonly [operation: Operation, words: readonly string[]]>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const [operation, words] of calls) {
    try {
      const fault = faultOf(operation, await requestFor(operation, words));
      if (fault !== undefined) faults.push(`${operation.id} ${words.join(' ')}: ${fault}`);
    } catch (error) {
      faults.push(`${operation.id} ${words.join(' ')}: ${String(error)}`);
    }
  }
  return faults;
}

/** Words that set a flag. */
function wordsFor(name: string, flag: CallFlag): string[] {
  const { type, options, helpValue, multiple } = flag;
  if (type === 'boolean') return [`--${name}`, 'false'];
  const value =
    options?.at(-1) ?? (helpValue === '<integer>' || helpValue === '<number>' ? '7' : `a b&c="é"`);
  const words = [`--${name}`, value];
  // Some lists are sets.
  return multiple === true && value.startsWith('a') ? [...words, `--${name}`, 'other'] : words;
}

/** A call with every flag, for each type of its body. */
function* fullCalls(operation: Operation): Generator<readonly [Operation, string[]]> {
  const flags = flagsOf(operation);
  const schema = bodySchema(operation.body, schemas);
  const fields = new Map(bodyFields(schema, schemas).map((field) => [field.name, field]));
  const types: (string | undefined)[] = [...choices(schema, schemas).keys()];
  for (const concreteType of types.length > 0 ? types : [undefined]) {
    const fitting = Object.entries(flags).filter(([name, { helpGroup, sets }]) => {
      if (name === 'concrete-type') return false;
      const { only = [] } = fields.get(sets) ?? {};
      const isOfType = only.length === 0 || only.includes(concreteType ?? '');
      return helpGroup === 'PARAMETER' || isOfType;
    });
    // Fields that are objects have no flags.
    const needed = exampleCall(operation, { flags, schemas, concreteType });
    const json = needed.flatMap((word, index) =>
      word === '--field-json' || word === '--body' ? [word, needed[index + 1] ?? ''] : [],
    );
    yield [
      operation,
      [
        ...(concreteType === undefined ? [] : ['--concrete-type', concreteType]),
        ...fitting.flatMap(([name, flag]) => wordsFor(name, flag)),
        ...json,
      ],
    ];
  }
}

describe('every operation of the API', () => {
  test('is called by the example of its help, in a request that the server takes', async () => {
    const calls = all.map((operation) => {
      const [, ...words] = exampleCall(operation, { flags: flagsOf(operation), schemas });
      return [operation, words] as const;
    });
    expect(await faultsOf(calls)).toEqual([]);
    expect(calls.length).toBeGreaterThan(500);
  });

  test('is called with all its flags at once, in a request that the server takes', async () => {
    expect(await faultsOf(all.flatMap((operation) => [...fullCalls(operation)]))).toEqual([]);
  });

  test('is found by its method and path', () => {
    const missed = all.filter((operation) => {
      const path = operation.path.replace(/\{\w+\}/g, 'a%20b');
      return matchPath(operation.method, path).operation?.id !== operation.id;
    });
    expect(missed.map(({ id }) => id)).toEqual([]);
  });

  test('has parameters whose flags are no others', () => {
    const general = new Set([
      ...Object.keys(apiFlags),
      ...Object.keys(BaseCommand.baseFlags),
      'json',
    ]);
    const clashes = all.flatMap((operation) =>
      Object.entries(flagsOf(operation)).flatMap(([name, { aliases }]) =>
        [name, ...aliases]
          .filter((each) => general.has(each))
          .map((each) => `${operation.id} ${each}`),
      ),
    );
    expect(clashes).toEqual([]);
  });

  test('has flags that are no abbreviations of flags of the Python client', () => {
    const python = pythonFlags('api').map(({ name }) => name);
    const names = new Set(all.flatMap((operation) => Object.keys(flagsOf(operation))));
    const taken = [...names].filter((name) =>
      python.some((each) => each !== name && each.startsWith(name)),
    );
    expect(taken).toEqual([]);
  });

  test.each([60, 100])('has help at %i columns', async (width) => {
    const command = readCommandData(bin, 'api');
    const wide: string[] = [];
    for (const { id, path } of all) {
      const help = await operationHelp([id], command, bin);
      if (help === undefined) throw new Error(`${id} has no help`);
      const text = commandHelp(help, { width, heading: (title) => title });
      expect(text.replace(/ \\\n +/g, ' ')).toContain(`$ synapse api ${id}`);
      expect(text).toContain('https://rest-docs.synapse.org/rest/');
      expect(help.summary).toContain(path);
      expect(text).not.toMatch(/undefined|\[object|\{@link|<a /);
      const [line] = text
        .split('\n')
        // A command line is not broken, and neither is a word.
        .filter((each) => !/^ {2}\$ /.test(each) && / \S+ \S/.test(each.trim()))
        .filter((each) => textWidth(each) > width);
      if (line !== undefined) wide.push(`${id}: ${line}`);
    }
    expect(wide).toEqual([]);
  });

  test('is linked to its page as in the documentation of the library', async () => {
    const { readFile } = await import('node:fs/promises');
    const services = await readFile(join(bin, '../generated/services.ts'), 'utf8');
    const unlinked = all.filter((operation) => !services.includes(`@see ${restPage(operation)}\n`));
    expect(unlinked.map(({ id }) => id)).toEqual([]);
  });
});

test('a field of a body has no flag that all commands share', () => {
  const general = Object.entries({ ...apiFlags, ...BaseCommand.baseFlags });
  const names = general.flatMap(
    ([name, { aliases = [] }]: [string, { aliases?: readonly string[] }]) => [name, ...aliases],
  );
  expect(names.filter((name) => !takenNames.includes(name))).toEqual([]);
});
