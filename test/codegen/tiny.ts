import type {
  Description,
  Operation,
  Parameter,
  PathItem,
  Schema,
} from '../../codegen/description.js';

/** A description with just what a test needs. */
export function describing(
  paths: Record<string, PathItem>,
  schemas: Record<string, Schema> = {},
): Description {
  return {
    openapi: '3.0.1',
    info: { title: 'Tiny', version: '1' },
    servers: [],
    tags: [],
    paths,
    components: { schemas, securitySchemes: {} },
  };
}

export function operation(parts: Partial<Operation> = {}): Operation {
  return { tags: ['Thing Services'], operationId: '', parameters: [], responses: {}, ...parts };
}

export function answering(
  schema: Schema,
  status = '200',
  type = 'application/json',
): Partial<Operation> {
  return { responses: { [status]: { content: { [type]: { schema } } } } };
}

export function parameter(place: Parameter['in'], type: string, name = 'id'): Parameter {
  return { name, in: place, required: true, schema: { type } };
}
