import { operationsOf, refName } from './description.js';
import type {
  Content,
  Description,
  Located,
  Method,
  Operation,
  Parameter,
  Response,
  Schema,
} from './description.js';
import { compare } from './sort.js';

/** The type of a parameter's value: string, number, integer, boolean, array of strings. */
export type ParameterKind = 's' | 'n' | 'i' | 'b' | 'a';

export interface EndpointParameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  kind: ParameterKind;
  /** TypeScript type, models as `M.X` */
  type: string;
  /** Short name of the enum that lists the values */
  model: string | undefined;
}

/** A body: its TypeScript type, and the short name of its model, a primitive, `?` for free JSON or `` for none. */
export interface Payload {
  type: string;
  model: string;
}

export type PageMode = '' | 'tokenQuery' | 'tokenBody' | 'offset';

/** One operation, as input of the emitters. */
export interface Endpoint {
  /** `entity.getEntity` */
  id: string;
  service: string;
  name: string;
  tag: string;
  method: Uppercase<Method>;
  path: string;
  parameters: EndpointParameter[];
  body: Payload;
  response: Payload;
  /** The service answers with no body where there is nothing to answer */
  mayBeEmpty: boolean;
  /** The answer while an asynchronous job is not done */
  pending: Payload;
  status: number;
  parse: 'json' | 'text' | 'redirect' | 'void';
  page: PageMode;
}

const NONE: Payload = { type: 'void', model: '' };

/** The operations of a corrected and renamed description, by id. */
export function endpointsOf(description: Description): Endpoint[] {
  return operationsOf(description)
    .map((located) => endpointOf(located, description.components.schemas))
    .sort((a, b) => compare(a.id, b.id));
}

function endpointOf(
  { method, path, operation }: Located,
  schemas: Record<string, Schema>,
): Endpoint {
  const [service = '', name = ''] = operation.operationId.split('.');
  const status = successStatus(operation);
  const success = operation.responses[String(status)];
  const response = payloadOf(success?.content);
  const body = payloadOf(operation.requestBody?.content);
  return {
    id: operation.operationId,
    service,
    name,
    tag: operation.tags[0] ?? '',
    method: method.toUpperCase() as Uppercase<Method>,
    path,
    parameters: inUrlOrder(path, operation.parameters).map(parameterOf),
    body,
    response,
    mayBeEmpty: success?.['x-may-be-empty'] === true,
    pending: status === 202 ? NONE : payloadOf(operation.responses['202']?.content),
    status,
    parse: parseMode(operation.responses, status),
    page: pageMode(operation, schemas[body.model], schemas[response.model]),
  };
}

/** 202 is a success of its own only where nothing else is documented: else it says that a job is not done. */
function successStatus({ responses, operationId }: Operation): number {
  const statuses = Object.keys(responses).filter((code) => code.startsWith('2'));
  const status = statuses.find((code) => code !== '202') ?? statuses[0];
  if (status === undefined) throw new Error(`${operationId} documents no success`);
  return Number(status);
}

function parseMode(
  responses: Readonly<Record<string, Response>>,
  status: number,
): Endpoint['parse'] {
  const content = responses[String(status)]?.content;
  if (responses['307'] !== undefined) return 'redirect';
  if (content === undefined) return 'void';
  return content['application/json'] === undefined ? 'text' : 'json';
}

function payloadOf(content: Content | undefined): Payload {
  const schema = Object.values(content ?? {})[0]?.schema;
  if (schema === undefined) return NONE;
  const model = refName(schema);
  if (model !== undefined) return { type: `M.${model}`, model };
  if (schema.type === 'object') return { type: '{ [key: string]: unknown }', model: '?' };
  return { type: primitiveType(schema), model: schema.type ?? '' };
}

function primitiveType({ type }: Schema): string {
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'string' || type === 'boolean') return type;
  throw new Error(`No TypeScript type for a bare ${type ?? 'untyped value'}`);
}

/** Path parameters as they stand in the path, then the others: upstream lists them in no order. */
function inUrlOrder(path: string, parameters: readonly Parameter[]): Parameter[] {
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  inPath.sort((a, b) => path.indexOf(`{${a.name}}`) - path.indexOf(`{${b.name}}`));
  return [...inPath, ...parameters.filter((parameter) => parameter.in !== 'path')];
}

function parameterOf({ name, in: place, required, schema }: Parameter): EndpointParameter {
  if (place === 'header')
    throw new Error(`Header parameter ${name}: the internalHeaders pass should have dropped it`);
  const base = { name, in: place, required };
  const model = refName(schema);
  // The one list that a URL takes.
  if (model === 'ListOfString') return { ...base, kind: 'a', type: 'string[]', model: undefined };
  if (model !== undefined) return { ...base, kind: 's', type: `M.${model}`, model };
  if (schema.oneOf !== undefined) return { ...base, kind: 'i', type: 'string | number', model };
  return { ...base, kind: kindOf(schema), type: primitiveType(schema), model };
}

function kindOf({ type }: Schema): ParameterKind {
  const kinds: Readonly<Record<string, ParameterKind>> = {
    string: 's',
    number: 'n',
    integer: 'i',
    boolean: 'b',
  };
  return kinds[type ?? ''] ?? 's';
}

/** Which of the three ways of paging an operation has shows in its parameters, its body and its answer. */
function pageMode(
  operation: Operation,
  body: Schema | undefined,
  response: Schema | undefined,
): PageMode {
  const inQuery = new Set(operation.parameters.filter((p) => p.in === 'query').map((p) => p.name));
  const answersToken = response?.properties?.nextPageToken !== undefined;
  if (inQuery.has('nextPageToken') && answersToken) return 'tokenQuery';
  if (body?.properties?.nextPageToken !== undefined && answersToken) return 'tokenBody';
  if (inQuery.has('offset') && inQuery.has('limit')) return 'offset';
  return '';
}
