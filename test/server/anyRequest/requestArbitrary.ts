import fc from 'fast-check';

import { operations } from '../../../generated/operations.js';
import { schemas, type JsonSchema } from '../../../generated/schemas.js';
import { parseParameters, type Parameter } from '../../../src/server/kernel/parameters.js';
import type { SeenValues } from './seenValues.js';

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** JSON text, or something that is none. */
  readonly body?: string;
}

/** Deeper than this, only what a model requires is filled in. */
const maxDepth = 4;
const refPrefix = '#/components/schemas/';

/** Values that have been trouble for servers. */
const oddValues: fc.Arbitrary<unknown> = fc.constantFrom(
  null,
  '',
  ' ',
  0,
  -1,
  1.5,
  1e308,
  9_007_199_254_740_993,
  true,
  [],
  {},
  [null],
  [[[]]],
  '__proto__',
  'constructor',
  'NaN',
  '-1',
  '99999999999999999999',
  'syn99999999999999999999.99999999999999999999',
  '\u0000',
  '\ud800',
  'é'.repeat(300),
  'x'.repeat(70_000),
  "'; drop table entities; --",
  '2024-02-30T00:00:00.000Z',
);

/**
 * Requests to one operation: well formed more often than not, so that they get behind the first
 * checks, with an odd value here and there.
 */
export function requestsTo(operation: string, seen: SeenValues): fc.Arbitrary<WireRequest> {
  const row = operations[operation];
  if (row === undefined) {
    throw new Error(`No operation ${operation}`);
  }
  const [method, template, tokens, bodyModel] = row;
  const parameters = parseParameters(tokens);
  const queries = parameters.filter((one) => one.in === 'query');
  // What comes before an id in a path says more about it than the name `id`.
  const places = new Map(
    [...template.matchAll(/([^/]+)\/\{([^}]+)\}/g)].map(([, before = '', name]) => [name, before]),
  );
  const inPath = parameters.filter((one) => one.in === 'path');
  return fc
    .record({
      path: fc.record(
        Object.fromEntries(
          inPath.map((one) => [one.name, parameterValue(one, seen, places.get(one.name))]),
        ),
      ),
      query: fc.record(membersOf(queries, seen), {
        requiredKeys: queries.filter(({ required }) => required).map(({ name }) => name),
      }),
      body: bodyModel === '' ? fc.constant(undefined) : bodyText(bodyModel, seen),
    })
    .map(({ path, query, body }) => ({
      method,
      path: fillIn(template, path, query),
      ...(body !== undefined && { body }),
    }));
}

function membersOf(
  parameters: readonly Parameter[],
  seen: SeenValues,
): Record<string, fc.Arbitrary<string>> {
  return Object.fromEntries(parameters.map((one) => [one.name, parameterValue(one, seen)]));
}

function parameterValue(
  { name, kind, values }: Parameter,
  seen: SeenValues,
  place?: string,
): fc.Arbitrary<string> {
  const texts = fc.oneof(
    { weight: 1, arbitrary: textsFor(name, seen) },
    { weight: 3, arbitrary: textsFor(place ?? name, seen) },
  );
  const numbers = fc.oneof(fc.integer({ min: 0, max: 30 }).map(String), texts);
  const good: Record<Parameter['kind'], fc.Arbitrary<string>> = {
    array: texts,
    boolean: fc.constantFrom('true', 'false'),
    integer: numbers,
    number: numbers,
    string: values === undefined ? texts : fc.constantFrom(...values),
  };
  return fc.oneof(
    { weight: 19, arbitrary: good[kind] },
    { weight: 1, arbitrary: oddValues.map((value) => String(value).slice(0, 300)) },
  );
}

function fillIn(
  template: string,
  path: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string | undefined>>,
): string {
  const filled = template.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(wellFormed(path[name] ?? '')),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.append(name, value);
  }
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
}

/** Half of a surrogate pair cannot be put into a URL. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** What stands where a text is asked for: mostly something that the server has said under that name. */
function textsFor(name: string, seen: SeenValues): fc.Arbitrary<string> {
  return fc.nat().map((draw) => seen.text(name, draw));
}

function bodyText(model: string, seen: SeenValues): fc.Arbitrary<string> {
  const fresh = new Models(seen).byName(model, '', 0);
  // What the server has answered with is sent back with a change, so that its etag is good.
  const changed = fc
    .tuple(fc.nat(), fresh)
    .map(([draw, change]) => seen.changed(model, draw, change));
  const whole = fc
    .oneof({ weight: 2, arbitrary: fresh }, { weight: 3, arbitrary: changed })
    .map(toJson);
  return fc.oneof(
    { weight: 30, arbitrary: whole },
    { weight: 1, arbitrary: oddValues.map(toJson) },
    { weight: 1, arbitrary: whole.map((text) => text.slice(0, -1)) },
  );
}

function toJson(value: unknown): string {
  return JSON.stringify(value);
}

/** Bodies by the models of the API description. */
class Models {
  readonly #seen: SeenValues;

  constructor(seen: SeenValues) {
    this.#seen = seen;
  }

  byName(model: string, name: string, depth: number): fc.Arbitrary<unknown> {
    const schema = schemas[model];
    return schema === undefined
      ? fc.jsonValue({ maxDepth: 2 })
      : this.#bySchema(schema, name, depth);
  }

  #bySchema(schema: JsonSchema, name: string, depth: number): fc.Arbitrary<unknown> {
    return fc.oneof(
      { weight: 39, arbitrary: this.#good(schema, name, depth) },
      { weight: 1, arbitrary: oddValues },
    );
  }

  #good(schema: JsonSchema, name: string, depth: number): fc.Arbitrary<unknown> {
    const { $ref, oneOf, type, items } = schema;
    if ($ref !== undefined) {
      return this.byName($ref.slice(refPrefix.length), name, depth);
    }
    if (oneOf !== undefined) {
      return fc.oneof(...oneOf.map((member) => this.#good(member, name, depth)));
    }
    if (schema.enum !== undefined) {
      return fc.constantFrom(...schema.enum);
    }
    switch (type) {
      case 'boolean':
        return fc.boolean();
      case 'integer':
      case 'number':
        return fc.oneof(fc.integer({ min: 0, max: 20 }), textsFor(name, this.#seen));
      case 'string':
        return textsFor(name, this.#seen);
      case 'array':
        return depth >= maxDepth
          ? fc.constant([])
          : fc.array(this.#bySchema(items ?? {}, name, depth + 1), { maxLength: 3 });
      default:
        return this.#object(schema, depth);
    }
  }

  #object(
    { properties = {}, required = [], additionalProperties }: JsonSchema,
    depth: number,
  ): fc.Arbitrary<object> {
    const wanted = Object.entries(properties).filter(
      ([name]) => depth < maxDepth || required.includes(name),
    );
    const known = fc.record(
      Object.fromEntries(
        wanted.map(([name, member]) => [name, this.#bySchema(member, name, depth + 1)]),
      ),
      { requiredKeys: [...required] },
    );
    if (typeof additionalProperties !== 'object' || depth >= maxDepth) {
      return known;
    }
    const others = fc.dictionary(
      textsFor('key', this.#seen),
      this.#bySchema(additionalProperties, '', depth + 1),
      { maxKeys: 3 },
    );
    return fc.tuple(known, others).map(([first, second]) => ({ ...second, ...first }));
  }
}
