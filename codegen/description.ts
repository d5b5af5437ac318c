/** The part of OpenAPI 3.0 that the Synapse description uses, and the walks over it that respect its shape. */

export type Method = 'get' | 'post' | 'put' | 'delete';

export const METHODS: readonly Method[] = ['get', 'post', 'put', 'delete'];

export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  description?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  discriminator?: { propertyName: string };
  uniqueItems?: boolean;
  minLength?: number;
  maxLength?: number;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Schema;
}

export type Content = Record<string, { schema: Schema }>;

export interface Response {
  $ref?: string;
  description?: string;
  content?: Content;
  /** Our own mark: the body may be missing. */
  'x-may-be-empty'?: boolean;
}

export interface Operation {
  tags: string[];
  operationId: string;
  parameters: Parameter[];
  requestBody?: { content: Content; required?: boolean } | undefined;
  security?: Record<string, string[]>[];
  responses: Record<string, Response>;
}

export type PathItem = Partial<Record<Method, Operation>>;

export interface Description {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  tags: { name: string; description?: string }[];
  paths: Record<string, PathItem>;
  components: {
    schemas: Record<string, Schema>;
    responses?: Record<string, Response>;
    securitySchemes: Record<string, unknown>;
  };
}

export interface Located {
  method: Method;
  path: string;
  operation: Operation;
}

const SCHEMA_REF = '#/components/schemas/';

export function refTo(name: string): Schema {
  return { $ref: SCHEMA_REF + name };
}

/** Name of the schema that a reference points at. A schema may also have a *property* called `$ref`: `JsonSchema` does. */
export function refName(schema: Schema): string | undefined {
  return typeof schema.$ref === 'string' ? schema.$ref.slice(SCHEMA_REF.length) : undefined;
}

/** Key of an operation in `names.lock.json`: `GET /repo/v1/entity/{id}`. */
export function operationKey({ method, path }: Pick<Located, 'method' | 'path'>): string {
  return `${method.toUpperCase()} ${path}`;
}

/** A path without the prefix that tells Synapse's services apart: the REST docs and our names leave it out. */
export function withoutPrefix(path: string): string {
  return path.replace(/^\/(?:repo|auth|file|docker)\/v1|^\/ga4gh\/drs\/v1/, '');
}

export function operationsOf(description: Description): Located[] {
  return Object.entries(description.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
}

/** The schemas written directly inside a schema. */
export function childrenOf(schema: Schema): Schema[] {
  const { properties, items, additionalProperties, oneOf } = schema;
  return [
    ...Object.values(properties ?? {}),
    ...(items === undefined ? [] : [items]),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
    ...(oneOf ?? []),
  ];
}

/** Calls `visit` with a schema and every schema nested in it. */
export function walkSchema(schema: Schema, visit: (schema: Schema) => void): void {
  visit(schema);
  for (const child of childrenOf(schema)) walkSchema(child, visit);
}

/** The schemas of an operation's parameters, request body and responses. */
export function schemasOf(operation: Operation): Schema[] {
  const contents = [
    operation.requestBody?.content,
    ...Object.values(operation.responses).map((r) => r.content),
  ];
  return [
    ...operation.parameters.map((parameter) => parameter.schema),
    ...contents.flatMap((content) => Object.values(content ?? {}).map((media) => media.schema)),
  ];
}

/** Calls `visit` with every schema of the description: components, parameters, bodies and responses. */
export function walkSchemas(description: Description, visit: (schema: Schema) => void): void {
  for (const schema of Object.values(description.components.schemas)) walkSchema(schema, visit);
  for (const { operation } of operationsOf(description)) {
    for (const schema of schemasOf(operation)) walkSchema(schema, visit);
  }
}

/** Names of all schemas that the given ones refer to, directly or through others. */
export function reachableFrom({ components }: Description, roots: readonly Schema[]): Set<string> {
  const reached = new Set<string>();
  const reach = (root: Schema): void => {
    walkSchema(root, (schema) => {
      const name = refName(schema);
      const target = name === undefined ? undefined : components.schemas[name];
      if (name === undefined || target === undefined || reached.has(name)) return;
      reached.add(name);
      reach(target);
    });
  };
  roots.forEach(reach);
  return reached;
}
