import { ArgumentError } from '../errors.js';
import { expectation, type Operation, type OperationParameter } from './operation.js';

/** Arguments of a service method, in the form in which they are sent. */
export interface RequestParts {
  /** The path of the operation with its parameters filled in, and the query. */
  target: string;
  body: unknown;
}

/**
 * Writes flat arguments into path, query and body.
 *
 * @throws {@link ArgumentError} that lists all missing or unknown arguments, or names the first that cannot be encoded.
 */
export function splitArguments(
  operation: Operation,
  args: Readonly<Record<string, unknown>>,
): RequestParts {
  checkNames(operation, args);
  const { id, parameters, body } = operation;
  let { path } = operation;
  let query = '';
  for (const parameter of parameters) {
    const { name } = parameter;
    const value = args[name];
    if (isAbsent(value)) continue;
    const text = writeValue(id, parameter, value);
    if (parameter.in === 'path') path = path.replace(`{${name}}`, text);
    // An empty list is the same as none.
    else if (text !== '' || !Array.isArray(value) || value.length > 0) query += `&${name}=${text}`;
  }
  // Without this, the server responds with the file itself.
  if (operation.parse === 'redirect') query += '&redirect=false';
  return {
    target: query === '' ? path : `${path}?${query.slice(1)}`,
    body: body === '' ? undefined : args.body,
  };
}

function checkNames(operation: Operation, args: Readonly<Record<string, unknown>>): void {
  const { parameters, body } = operation;
  let isRight = body === '' || !isAbsent(args.body);
  for (const { name, required } of parameters)
    if (required && isAbsent(args[name])) isRight = false;
  for (const name of Object.keys(args)) {
    if (!takes(operation, name) && !isAbsent(args[name])) isRight = false;
  }
  if (!isRight) throw wrongNames(operation, args);
}

function takes({ parameters, body }: Operation, name: string): boolean {
  for (const parameter of parameters) if (parameter.name === name) return true;
  return name === 'body' && body !== '';
}

function wrongNames(operation: Operation, args: Readonly<Record<string, unknown>>): ArgumentError {
  const { id, parameters } = operation;
  const bodies = operation.body === '' ? [] : ['body'];
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  const missing = [...required, ...bodies].filter((name) => isAbsent(args[name]));
  if (missing.length > 0) {
    return new ArgumentError(`${id} needs ${missing.map(quote).join(' and ')}.`);
  }
  const taken = [...parameters.map(({ name }) => name), ...bodies];
  const unknown = Object.keys(args).filter(
    (name) => !taken.includes(name) && !isAbsent(args[name]),
  );
  const what = taken.length === 0 ? 'no arguments' : taken.map(quote).join(', ');
  return new ArgumentError(
    `${id} does not take ${unknown.map(quote).join(' and ')}. It takes ${what}.`,
  );
}

/** A value as it stands in a URL: the items of a list are separated by commas. */
function writeValue(operationId: string, parameter: OperationParameter, value: unknown): string {
  const { name, kind } = parameter;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  let text = '';
  for (const item of items) {
    const wanted = expectedInstead(kind, item);
    if (wanted !== undefined) {
      throw new ArgumentError(
        `\`${name}\` of ${operationId} should be ${wanted}, not ${show(value)}.`,
      );
    }
    text += `,${encodeURIComponent(String(item))}`;
  }
  text = text.slice(1);
  // A URL parser resolves these as dot segments, even when they are percent-encoded.
  if (parameter.in === 'path' && /^\.{0,2}$/.test(text)) {
    throw new ArgumentError(`\`${name}\` of ${operationId} cannot be ${show(value)}.`);
  }
  return text;
}

/** Describes the expected value when this one cannot be sent. */
function expectedInstead(kind: OperationParameter['kind'], value: unknown): string | undefined {
  if (!scalars.has(typeof value)) return 'text, a number or a list of those';
  if (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) {
    return 'a number without loss of precision (pass a longer one as text)';
  }
  const text = String(value);
  // It cannot be encoded in a URL.
  if (/\p{Surrogate}/u.test(text)) return 'text without an unpaired surrogate';
  return expectation(kind, text);
}

const scalars: ReadonlySet<string> = new Set(['string', 'number', 'bigint', 'boolean']);

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function quote(name: string): string {
  return `\`${name}\``;
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
