import { ArgumentError } from '../errors.js';
import { expectation, type Operation, type OperationParameter } from './operation.js';

/** Arguments of a service method, grouped by where they are sent. */
export interface RequestParts {
  path: Record<string, string | string[]>;
  query: Record<string, string | string[]>;
  body: unknown;
}

/**
 * Sorts flat arguments into path, query and body.
 *
 * @throws {@link ArgumentError} that lists all missing or unknown arguments, or names the first that cannot be encoded.
 */
export function splitArguments(
  { id, parameters, body }: Operation,
  args: Readonly<Record<string, unknown>>,
): RequestParts {
  const hasBody = body !== '';
  checkNames(id, parameters, hasBody, args);
  const parts: RequestParts = { path: {}, query: {}, body: hasBody ? args.body : undefined };
  for (const parameter of parameters) {
    const value = args[parameter.name];
    if (isAbsent(value)) continue;
    parts[parameter.in][parameter.name] = writeValue(id, parameter, value);
  }
  return parts;
}

function checkNames(
  operationId: string,
  parameters: readonly OperationParameter[],
  hasBody: boolean,
  args: Readonly<Record<string, unknown>>,
): void {
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  const missing = [...required, ...(hasBody ? ['body'] : [])].filter((name) =>
    isAbsent(args[name]),
  );
  if (missing.length > 0) {
    throw new ArgumentError(`${operationId} needs ${missing.map(quote).join(' and ')}.`);
  }
  const taken = [...parameters.map(({ name }) => name), ...(hasBody ? ['body'] : [])];
  const unknown = Object.keys(args).filter(
    (name) => !taken.includes(name) && !isAbsent(args[name]),
  );
  if (unknown.length > 0) {
    const takes = taken.length === 0 ? 'no arguments' : taken.map(quote).join(', ');
    throw new ArgumentError(
      `${operationId} does not take ${unknown.map(quote).join(' and ')}. It takes ${takes}.`,
    );
  }
}

function writeValue(
  operationId: string,
  parameter: OperationParameter,
  value: unknown,
): string | string[] {
  const { name } = parameter;
  const items = (Array.isArray(value) ? value : [value]).map((item) =>
    writeScalar(parameter, item),
  );
  const wrong = items.find((item) => item.wanted !== undefined);
  if (wrong !== undefined) {
    throw new ArgumentError(
      `\`${name}\` of ${operationId} should be ${wrong.wanted ?? ''}, not ${show(value)}.`,
    );
  }
  const texts = items.map(({ text }) => text);
  // A URL parser resolves these as dot segments, even when they are percent-encoded.
  if (parameter.in === 'path' && /^\.{0,2}$/.test(texts.join(','))) {
    throw new ArgumentError(`\`${name}\` of ${operationId} cannot be ${show(value)}.`);
  }
  return Array.isArray(value) ? texts : (texts[0] ?? '');
}

function writeScalar(
  { kind }: OperationParameter,
  value: unknown,
): { text: string; wanted?: string | undefined } {
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value)) {
    return { text: '', wanted: 'text, a number or a list of those' };
  }
  const text = String(value);
  if (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) {
    return { text, wanted: 'a number without loss of precision (pass a longer one as text)' };
  }
  if (!canBeEncoded(text)) return { text, wanted: 'text without an unpaired surrogate' };
  return { text, wanted: expectation(kind, text) };
}

/** An unpaired surrogate cannot be encoded in a URL. */
function canBeEncoded(text: string): boolean {
  try {
    encodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

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
