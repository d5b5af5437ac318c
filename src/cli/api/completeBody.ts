import type { JsonSchema } from '../../../generated/schemas.js';
import { shortName } from '../../values/shortName.js';
import { usageError } from '../usageError.js';
import { choices, concreteTypeOf, resolved, type Schemas } from './bodySchema.js';

/**
 * Adds the `concreteType`s that are implied to a body, and its parts, and writes short ones in full.
 *
 * @throws a usage error that lists the choices when there are several, and one that lists required fields that are missing
 */
export function completeBody(
  value: unknown,
  { schema, schemas, place = '' }: { schema: JsonSchema; schemas: Schemas; place?: string },
): unknown {
  const model = resolved(schema, schemas);
  if (Array.isArray(value)) {
    const { items } = model;
    if (items === undefined) return value;
    return value.map((item, index) =>
      completeBody(item, { schema: items, schemas, place: `${place}[${index}]` }),
    );
  }
  if (!isPlainObject(value)) return value;
  const known = choices(model, schemas);
  const completed = withType(value, { model, known, place });
  const member = known.get(String(completed['concreteType'])) ?? model;
  const isOpen = member.oneOf !== undefined || (known.size > 0 && member === model);
  if (isOpen) return completed;
  const missing = (member.required ?? []).filter((name) => isAbsent(completed[name]));
  if (missing.length > 0) throw missingFields(missing, { place, member, schemas });
  return Object.fromEntries(
    Object.entries(completed).map(([name, part]) => {
      const { additionalProperties } = member;
      const own = Object.hasOwn(member.properties ?? {}, name)
        ? member.properties?.[name]
        : undefined;
      const partSchema =
        own ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
      const step = name.replace(/[.[\\=]/g, '\\$&');
      const inside = place === '' ? step : `${place}.${step}`;
      return [
        name,
        partSchema === undefined
          ? part
          : completeBody(part, { schema: partSchema, schemas, place: inside }),
      ];
    }),
  );
}

interface Typing {
  model: JsonSchema;
  known: ReadonlyMap<string, JsonSchema>;
  place: string;
}

function withType(
  value: Record<string, unknown>,
  { model, known, place }: Typing,
): Record<string, unknown> {
  const given = value['concreteType'];
  const types = known.size > 0 ? [...known.keys()] : [concreteTypeOf(model) ?? ''];
  if (typeof given === 'string') {
    const full = types.find((type) => shortName(type) === given);
    return full === undefined ? value : { ...value, concreteType: full };
  }
  if (!isAbsent(given)) return value;
  const [only = ''] = types;
  if (types.length === 1) {
    const isNeeded = model.oneOf !== undefined || model.required?.includes('concreteType') === true;
    return isNeeded && only !== '' ? { concreteType: only, ...value } : value;
  }
  // The service has a default where one of the types may be left out.
  const isOptional = [...known.values()].some(
    ({ required }) => !required?.includes('concreteType'),
  );
  if (isOptional) return value;
  throw usageError(
    `${place === '' ? 'The body' : `\`${place}\` of the body`} needs a concreteType, one of ${types.map(shortName).join(', ')}.`,
  );
}

function missingFields(
  names: readonly string[],
  { place, member, schemas }: { place: string; member: JsonSchema; schemas: Schemas },
): Error {
  const where = place === '' ? 'The body' : `\`${place}\` of the body`;
  const path = place === '' ? '' : `${place}.`;
  const flags = names.map((name) => {
    const isList = resolved(member.properties?.[name] ?? {}, schemas).type === 'array';
    return `--field ${path}${name}${isList ? '[]' : ''}=VALUE`;
  });
  return usageError(`${where} needs ${names.join(' and ')}: add ${flags.join(' ')}.`);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
