import { schemas, type JsonSchema } from '../../../generated/schemas.js';
import { isExactNumber } from './exactJson.js';
import { badRequest } from './serviceError.js';

const refPrefix = '#/components/schemas/';

/**
 * The default `concreteType` of interfaces. `POST /file/multipart` originally had only one type of
 * request.
 */
const defaultTypes: Readonly<Record<string, string>> = {
  MultipartRequest: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
};

/**
 * Models that may be sent as the value of their only property. The Python client sends only the
 * token to `POST /entity/{id}/table/query/nextPage/async/start`.
 */
const bareValues: Readonly<Record<string, string>> = { QueryNextPageToken: 'token' };

/** Models whose `values` are cells. Lists and objects in cells are converted to JSON text. */
const cellModels: ReadonlySet<string> = new Set(['PartialRow', 'Row']);

/** The name of the referenced schema, if the schema is a reference. */
export function refName(schema: JsonSchema): string | undefined {
  return schema.$ref?.startsWith(refPrefix) === true
    ? schema.$ref.slice(refPrefix.length)
    : undefined;
}

/** The name of the only member of a union, which is how a reference becomes nullable. */
function onlyMember({ oneOf = [] }: JsonSchema): string | undefined {
  const [only] = oneOf;
  return oneOf.length === 1 && only !== undefined ? refName(only) : undefined;
}

const knownMembers = new WeakMap<JsonSchema, ReadonlyMap<string, string>>();

/** Members of a union by their `concreteType`; empty when they have none. */
export function unionMembers(union: JsonSchema): ReadonlyMap<string, string> {
  const known = knownMembers.get(union);
  if (known !== undefined) {
    return known;
  }
  const members = new Map<string, string>();
  knownMembers.set(union, members);
  for (const member of union.oneOf ?? []) {
    const name = refName(member);
    const concreteType = name && schemas[name]?.properties?.['concreteType']?.enum?.[0];
    if (name !== undefined && concreteType !== undefined) {
      members.set(concreteType, name);
    }
  }
  return members;
}

/**
 * Reads a request body as the service does: properties that the model does not have are dropped,
 * as are `null` ones (they count as absent), and numbers and booleans may be written as strings.
 *
 * @param model name of the model, or `?` for any JSON
 * @throws 400 when the `concreteType` of an interface is missing or unknown
 */
export function normalize(model: string, value: unknown): unknown {
  const bare = bareValues[model];
  const whole = bare !== undefined && typeof value === 'string' ? { [bare]: value } : value;
  // Any JSON is what it is: its nulls count.
  return schemas[model] === undefined ? whole : byRef(model, whole, '');
}

function byRef(name: string, value: unknown, where: string): unknown {
  const schema = schemas[name];
  if (schema?.oneOf === undefined) {
    const given = cellModels.has(name) ? withCellTexts(value) : value;
    return schema === undefined ? given : bySchema(schema, given, where);
  }
  const onlyName = onlyMember(schema);
  if (onlyName !== undefined) {
    return byRef(onlyName, value, where);
  }
  const members = unionMembers(schema);
  if (!isObject(value) || members.size < schema.oneOf.length) {
    return withoutNulls(value);
  }
  const concreteType = value['concreteType'] ?? defaultTypes[name];
  const member = typeof concreteType === 'string' ? members.get(concreteType) : undefined;
  if (member === undefined) {
    throw unknownType({ name, where, concreteType, members });
  }
  return byRef(member, { ...value, concreteType }, where);
}

interface UnknownType {
  readonly name: string;
  readonly where: string;
  readonly concreteType: unknown;
  readonly members: ReadonlyMap<string, string>;
}

function unknownType({ name, where, concreteType, members }: UnknownType): Error {
  const known = [...members.keys()];
  const choice =
    known.length <= 20 ? `one of: ${known.join(', ')}` : `one of the ${known.length} types of it`;
  const problem =
    concreteType === undefined || concreteType === null
      ? 'Missing required property: concreteType'
      : `Unknown concreteType: ${JSON.stringify(concreteType).slice(0, 200)}`;
  return badRequest(`${problem}${at(where)}. ${name} must be ${choice}`);
}

function at(where: string): string {
  return where === '' ? '' : ` at ${where}`;
}

function bySchema(schema: JsonSchema, value: unknown, where: string): unknown {
  const name = refName(schema) ?? onlyMember(schema);
  if (name !== undefined && value !== null) {
    return byRef(name, value, where);
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined
      ? withoutNulls(value)
      : value.map((item, position) => bySchema(items, item, `${where}/${position}`));
  }
  if (isObject(value)) {
    return objectBySchema(schema, value, where);
  }
  if (typeof value === 'string') return fromString(schema.type, value);
  return schema.type === 'string' ? asText(value) : value;
}

function objectBySchema(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  where: string,
): unknown {
  const { properties, additionalProperties } = schema;
  if (properties === undefined && typeof additionalProperties !== 'object') {
    return withoutNulls(value);
  }
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const known = Object.hasOwn(properties ?? {}, key) ? properties?.[key] : undefined;
    const memberSchema =
      known ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (memberSchema === undefined || (member === null && memberSchema.nullable !== true)) {
      continue;
    }
    const normal = bySchema(memberSchema, member, `${where}/${key}`);
    if (key === '__proto__') {
      // Becomes a property, and does not set the prototype.
      const property = { value: normal, configurable: true, enumerable: true, writable: true };
      Object.defineProperty(result, key, property);
    } else {
      result[key] = normal;
    }
  }
  return result;
}

/**
 * The service accepts numbers and booleans as strings: the Python client sends cells unconverted.
 */
function asText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/**
 * Converts lists and objects in cells to JSON text. Cells are values or `{key, value}` pairs by
 * column.
 */
function withCellTexts(row: unknown): unknown {
  if (!isObject(row) || !Array.isArray(row['values'])) {
    return row;
  }
  const values = row['values'].map((cell: unknown) =>
    isObject(cell) && 'key' in cell ? { ...cell, value: cellText(cell['value']) } : cellText(cell),
  );
  return { ...row, values };
}

function cellText(cell: unknown): unknown {
  return typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell;
}

/** The service also accepts numbers and booleans as strings. */
function fromString(type: string | undefined, value: string): unknown {
  if (type === 'integer' && /^[+-]?\d{1,15}$/.test(value)) {
    return Number(value);
  }
  if (type === 'number' && value.trim() !== '' && Number.isFinite(Number(value))) {
    return Number(value);
  }
  if (type === 'boolean' && /^(?:true|false)$/i.test(value)) {
    return value.toLowerCase() === 'true';
  }
  return value;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  if (!isObject(value) || isExactNumber(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
