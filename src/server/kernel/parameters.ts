import { schemas } from '../../../generated/schemas.js';
import { readLong } from './readLong.js';
import { badRequest } from './serviceError.js';

/** One parameter of an operation, parsed from the operation data. */
export interface Parameter {
  readonly in: 'header' | 'path' | 'query';
  readonly required: boolean;
  readonly kind: 'array' | 'boolean' | 'integer' | 'number' | 'string';
  readonly name: string;
  /** Values allowed, when there is a fixed set. */
  readonly values: readonly string[] | undefined;
}

const places = { p: 'path', q: 'query', h: 'header' } as const;
const kinds = { s: 'string', n: 'number', i: 'integer', b: 'boolean', a: 'array' } as const;

/** Reads the `params` column of the operation data. */
export function parseParameters(tokens: string): Parameter[] {
  return tokens === '' ? [] : tokens.split(' ').map(parseParameter);
}

function parseParameter(token: string): Parameter {
  const match = /^([pqh])([!?])([sniba]):([^=]+)(?:=(.+))?$/.exec(token);
  if (match === null) {
    throw new Error(`Unreadable parameter in the operation data: ${token}`);
  }
  const [, place, mark, kind, name = '', model] = match;
  return {
    in: places[place as keyof typeof places],
    required: mark === '!',
    kind: kinds[kind as keyof typeof kinds],
    name,
    values: model === undefined ? undefined : schemas[model]?.enum,
  };
}

/** Converts path parameters to the types of the operation. @throws 400 */
export function readPath(
  parameters: readonly Parameter[],
  segments: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = { ...segments };
  for (const parameter of parameters) {
    const raw = segments[parameter.name];
    if (parameter.in === 'path' && raw !== undefined) {
      values[parameter.name] = coerce(parameter, raw);
    }
  }
  return values;
}

/**
 * Converts query parameters to the types of the operation. Unknown parameters are ignored.
 *
 * @throws 400
 */
export function readQuery(
  parameters: readonly Parameter[],
  query: URLSearchParams,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const parameter of parameters) {
    if (parameter.in !== 'query') {
      continue;
    }
    const all = query.getAll(parameter.name);
    const raw = all[0];
    // An empty number or boolean counts as absent, as in the service.
    if (raw === undefined || (raw === '' && parameter.kind !== 'string')) {
      if (parameter.required) {
        throw badRequest(`Required parameter '${parameter.name}' is not present.`);
      }
      continue;
    }
    values[parameter.name] = parameter.kind === 'array' ? all : coerce(parameter, raw);
  }
  return values;
}

function coerce(parameter: Parameter, raw: string): unknown {
  const value = convert(parameter.kind, raw);
  if (value === undefined) {
    throw badRequest(
      `The parameter '${parameter.name}' must be of type ${parameter.kind}, but was: '${raw.slice(0, 100)}'.`,
    );
  }
  if (parameter.values !== undefined && !parameter.values.includes(raw)) {
    throw badRequest(
      `The parameter '${parameter.name}' must be one of ${parameter.values.join(', ')}, but was: '${raw.slice(0, 100)}'.`,
    );
  }
  return value;
}

function convert(kind: Parameter['kind'], raw: string): boolean | number | string | undefined {
  switch (kind) {
    case 'boolean': {
      const word = raw.toLowerCase();
      return word === 'true' ? true : word === 'false' ? false : undefined;
    }
    case 'integer':
      return readLong(raw);
    case 'number': {
      const number = raw.trim() === '' ? NaN : Number(raw);
      return Number.isFinite(number) ? number : undefined;
    }
    default:
      return raw;
  }
}
