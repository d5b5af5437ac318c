import type { JsonSchema } from '../../../generated/schemas.js';
import { expectation } from '../../api/operation.js';
import { parseJsonInput } from '../../values/json.js';
import { nearestName } from '../../values/nearestName.js';
import { shortName } from '../../values/shortName.js';
import { usageError } from '../usageError.js';
import { alternatives, resolved, type Schemas } from './bodySchema.js';

/**
 * Reads a text as a value of a schema. A whole number keeps all its digits. Where the schema allows any JSON, `true`, `false`,
 * `null` and numbers are what they look like, and everything else is a text.
 *
 * @param what - What the value is for, for error messages: `--field count`.
 * @throws a usage error when the text is not such a value
 */
export function readTyped(
  what: string,
  text: string,
  { schema, schemas }: { schema: JsonSchema; schemas: Schemas },
): unknown {
  const model = resolved(schema, schemas);
  const { type, enum: allowed } = model;
  if (allowed !== undefined) return readEnum(what, text, allowed);
  if (type === 'array' || type === 'object' || model.oneOf !== undefined || model.properties) {
    if (alternatives(model, schemas).every(isScalar)) return readAny(text);
    throw usageError(
      type === 'array'
        ? `${what} is a list: add its items one by one with []=, or give it as JSON with --field-json.`
        : `${what} is an object: set its fields (a.b=VALUE), or give it as JSON with --field-json.`,
    );
  }
  if (type === undefined) return readAny(text);
  if (type === 'string') return text;
  const wanted = expectationOf(model, text);
  if (wanted !== undefined)
    throw usageError(`${what} takes ${wanted}, not ${JSON.stringify(text)}.`);
  return type === 'boolean' ? text === 'true' : parseJsonInput(text);
}

/** Describes the expected value when the text is not a value of the number or boolean. */
function expectationOf({ type, format }: JsonSchema, text: string): string | undefined {
  if (type === 'boolean') return expectation('boolean', text);
  if (type !== 'integer') return isJsonNumber(text) ? undefined : 'a number';
  return wholeNumberFault(text, format);
}

/** The largest numbers of the formats. */
const largest: Readonly<Record<string, bigint>> = { int32: 2n ** 31n, int64: 2n ** 63n };

/** Describes the expected value when the text is not a whole number of the format. */
export function wholeNumberFault(text: string, format = 'int64'): string | undefined {
  if (!/^-?(?:0|[1-9]\d*)$/.test(text)) return 'a whole number';
  const limit = largest[format];
  if (limit === undefined || (text.length < 20 && fits(BigInt(text), limit))) return undefined;
  return `a whole number from ${-limit} to ${limit - 1n}`;
}

function fits(value: bigint, limit: bigint): boolean {
  return value >= -limit && value < limit;
}

function isJsonNumber(text: string): boolean {
  return (
    /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))
  );
}

function isScalar({ type, properties }: JsonSchema): boolean {
  return properties === undefined && type !== 'array' && type !== 'object';
}

function readAny(text: string): unknown {
  return isJsonNumber(text) || /^(?:true|false|null)$/.test(text) ? parseJsonInput(text) : text;
}

/** The name of a class of the service may be given without its package. */
function readEnum(what: string, text: string, allowed: readonly string[]): string {
  const found = allowed.find((value) => value === text || isClass(value, text));
  if (found !== undefined) return found;
  const names = allowed.map((value) => (value.includes('.') ? shortName(value) : value));
  const nearest = nearestName(text, names);
  throw usageError(
    `${what} takes one of ${names.join(', ')}, not ${JSON.stringify(text)}.${nearest ? ` Did you mean ${nearest}?` : ''}`,
  );
}

function isClass(value: string, text: string): boolean {
  return value.includes('.') && shortName(value) === text;
}
