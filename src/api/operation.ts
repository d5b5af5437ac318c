import { operations, type OperationRow } from '../../generated/operations.js';
import { ArgumentError } from '../errors.js';

/** A parameter of an operation. */
export interface OperationParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly kind: ParameterKind;
  /** Name of the type whose values are allowed. */
  readonly valuesOf?: string | undefined;
}

export type ParameterKind = 'string' | 'number' | 'integer' | 'boolean' | 'array';

/** The description of one operation of the API. */
export interface Operation {
  /** `service.name`; `METHOD /path` for an operation that is called by its path. */
  readonly id: string;
  readonly method: OperationRow[0];
  /** The path with its parameters in braces. */
  readonly path: string;
  readonly parameters: readonly OperationParameter[];
  /** Type of the request body: a model, a primitive, `?` for any JSON; empty when there is none. */
  readonly body: string;
  /** How the response is parsed; `any` depends on the content type. */
  readonly parse: OperationRow[4] | 'any';
  /** Type of the response; empty when there is none. */
  readonly response: string;
  /** The documented status of success; `undefined` when the operation is not described. */
  readonly status: number | undefined;
  /** How it returns pages; empty when it does not. */
  readonly page: OperationRow[7];
}

/** The methods that the API uses. */
export const methods: readonly Operation['method'][] = ['GET', 'POST', 'PUT', 'DELETE'];

const known = new Map<string, Operation>();
let idsByAddress: Map<string, string> | undefined;

/** An operation by its id, such as `entity.getEntity`. Its row is parsed on first use. */
export function operationById(id: string): Operation | undefined {
  const found = known.get(id);
  if (found !== undefined) return found;
  const row = Object.hasOwn(operations, id) ? operations[id] : undefined;
  if (row === undefined) return undefined;
  const operation = readRow(id, row);
  known.set(id, operation);
  return operation;
}

/** @throws {@link ArgumentError} when there is no operation of that id. */
export function requireOperation(id: string): Operation {
  const operation = operationById(id);
  if (operation !== undefined) return operation;
  throw new ArgumentError(
    `There is no operation ${id}: names look like entity.getEntity, or like GET /repo/v1/entity/{id}.`,
  );
}

/** A described operation by its method and the template of its path. */
export function operationAt(method: string, path: string): Operation | undefined {
  idsByAddress ??= new Map(
    Object.entries(operations).map(([id, [method, path]]) => [`${method} ${path}`, id]),
  );
  const id = idsByAddress.get(`${method} ${path}`);
  return id === undefined ? undefined : operationById(id);
}

/** The ids of all operations, in alphabetical order. */
export function operationIds(): string[] {
  return Object.keys(operations);
}

/** Whether a service method of the operation takes arguments at all. */
export function takesArguments({ body, parameters }: Operation): boolean {
  return body !== '' || parameters.length > 0;
}

/** Describes the expected value when the text is not a value of the kind. */
export function expectation(kind: ParameterKind, text: string): string | undefined {
  if (kind === 'boolean') return /^(true|false)$/.test(text) ? undefined : 'true or false';
  if (kind === 'integer') return /^-?\d+$/.test(text) ? undefined : 'a whole number';
  if (kind !== 'number') return undefined;
  return text.trim() !== '' && Number.isFinite(Number(text)) ? undefined : 'a number';
}

function readRow(id: string, row: OperationRow): Operation {
  const [method, path, params, body, parse, response, status, page] = row;
  const parameters = params
    .split(' ')
    .filter((token) => token !== '')
    .map(readParameter)
    // Redirects are not followed, so this is not the caller's choice.
    .filter(({ name }) => parse !== 'redirect' || name !== 'redirect');
  return { id, method, path, parameters, body, parse, response, status, page };
}

const kinds: Readonly<Record<string, ParameterKind>> = {
  s: 'string',
  n: 'number',
  i: 'integer',
  b: 'boolean',
  a: 'array',
};

const tokenPattern = /^([pq])([!?])([sniba]):([^=]+)(?:=(.+))?$/;

function readParameter(token: string): OperationParameter {
  const [, place, required, letter = '', name, valuesOf] = tokenPattern.exec(token) ?? [];
  const kind = kinds[letter];
  if (name === undefined || kind === undefined) {
    throw new Error(`The operation data has a parameter that cannot be read: ${token}`);
  }
  return { name, in: place === 'p' ? 'path' : 'query', required: required === '!', kind, valuesOf };
}
