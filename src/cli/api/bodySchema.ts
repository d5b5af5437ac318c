import type { JsonSchema } from '../../../generated/schemas.js';
import type { Operation } from '../../api/operation.js';

/** The models of the API by name. */
export type Schemas = Readonly<Record<string, JsonSchema>>;

/** Loads the models, which only calls with a body or with enumerated values need. */
export async function loadSchemas(): Promise<Schemas> {
  const { schemas } = await import('../../../generated/schemas.js');
  return schemas;
}

/** Whether the flags of an operation depend on models. */
export function needsSchemas({ body, parameters }: Operation): boolean {
  return body !== '' || parameters.some(({ valuesOf }) => valuesOf !== undefined);
}

const prefix = '#/components/schemas/';

/** Any JSON: of a model that is not described. */
export const anyJson: JsonSchema = {};

/** The schema of a request body by its name in the operation data: a model, a primitive, or `?`. */
export function bodySchema(body: string, schemas: Schemas): JsonSchema {
  return schemas[body] ?? (body === '?' ? { type: 'object' } : { type: body });
}

/** The schema that a reference points at. */
export function resolved(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const name = modelName(schema);
  return name === undefined ? schema : (schemas[name] ?? anyJson);
}

/** The schema of a value, or of the items of a list. */
export function itemSchema(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const model = resolved(schema, schemas);
  return model.type === 'array' ? resolved(model.items ?? anyJson, schemas) : model;
}

/** Whether values of the schema have parts, so that no flag can give them. */
export function hasParts({ type }: JsonSchema): boolean {
  return type === undefined || type === 'object' || type === 'array';
}

/** The name of the model that a schema refers to. A model can also have a property that is called `$ref`. */
export function modelName({ $ref }: JsonSchema): string | undefined {
  return typeof $ref === 'string' ? $ref.slice(prefix.length) : undefined;
}

/** The models that an object can be an instance of: the members of a union, or the model itself. */
export function alternatives(schema: JsonSchema, schemas: Schemas): JsonSchema[] {
  const model = resolved(schema, schemas);
  return model.oneOf?.flatMap((member) => alternatives(member, schemas)) ?? [model];
}

/** The `concreteType` of a model. */
export function concreteTypeOf(model: JsonSchema): string | undefined {
  return model.properties?.['concreteType']?.enum?.[0];
}

/** The members of a union by their `concreteType`; empty when it does not tell them apart. */
export function choices(schema: JsonSchema, schemas: Schemas): Map<string, JsonSchema> {
  const members =
    resolved(schema, schemas).oneOf === undefined ? [] : alternatives(schema, schemas);
  const named = new Map(members.map((member) => [concreteTypeOf(member) ?? '', member]));
  return named.has('') ? new Map<string, JsonSchema>() : named;
}

/** A property of a request body. */
export interface BodyField {
  name: string;
  schema: JsonSchema;
  required: boolean;
  /** The `concreteType`s that have it; empty when all have. */
  only: string[];
}

/** The properties of a model. Those of a union are the properties of all its members. */
export function bodyFields(schema: JsonSchema, schemas: Schemas): BodyField[] {
  const models = alternatives(schema, schemas);
  const fields = new Map<string, BodyField & { count: number }>();
  for (const model of models) {
    for (const [name, property] of Object.entries(model.properties ?? {})) {
      const field = fields.get(name) ?? {
        name,
        schema: property,
        required: true,
        only: [],
        count: 0,
      };
      field.required &&= model.required?.includes(name) ?? false;
      field.only.push(concreteTypeOf(model) ?? '');
      field.count += 1;
      fields.set(name, field);
    }
  }
  return [...fields.values()].map(({ count, only, ...field }) =>
    count === models.length ? { ...field, only: [] } : { ...field, required: false, only },
  );
}

/**
 * The schema of a property of a value.
 *
 * @param concreteType - Selects the member of a union; without it, the first that has the property.
 * @returns `undefined` when there is no such property
 */
export function propertySchema(
  schema: JsonSchema,
  name: string,
  { schemas, concreteType }: { schemas: Schemas; concreteType?: unknown },
): JsonSchema | undefined {
  const models = alternatives(schema, schemas);
  const types = name === 'concreteType' ? [...choices(schema, schemas).keys()] : [];
  if (types.length > 0) return { type: 'string', enum: types };
  const chosen = models.filter((model) => concreteTypeOf(model) === concreteType);
  for (const model of chosen.length > 0 ? chosen : models) {
    const { type, properties, additionalProperties, oneOf } = model;
    if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
    if (typeof additionalProperties === 'object') return additionalProperties;
    const isFree = properties === undefined && oneOf === undefined;
    if (isFree && (type === undefined || type === 'object')) return anyJson;
  }
  return undefined;
}

/** The names of the properties that a value of the schema can have. */
export function propertyNames(schema: JsonSchema, schemas: Schemas): string[] {
  return bodyFields(schema, schemas).map(({ name }) => name);
}
