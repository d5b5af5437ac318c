import type { Endpoint } from '../endpoints.js';
import { compare } from '../sort.js';
import { docComment, HEADER, member, objectType, operationUrl, quote, resultType } from './text.js';

const FACADE = `/** What an endpoint takes and gives. */
export interface Endpoint {
  path: object;
  query: object;
  body: unknown;
  ok: unknown;
}

type Params<E extends Endpoint> = (keyof E['path'] extends never ? { path?: never } : { path: E['path'] }) &
  (keyof E['query'] extends never ? { query?: never } : {} extends E['query'] ? { query?: E['query'] } : { query: E['query'] });

/** Second argument of a call: parameters, body, and what the call itself takes. */
export type Init<E extends Endpoint> = CallOptions & ({} extends Params<E>
  ? { params?: Params<E> }
  : { params: Params<E> }) &
  (undefined extends E['body'] ? { body?: never } : { body: E['body'] });

type InitArgument<E extends Endpoint> = {} extends Init<E> ? [init?: Init<E>] : [init: Init<E>];

/** Either \`data\` or \`error\`, and the answer that it came in. */
export type Result<T> =
  | { data: T; error?: undefined; response: Response }
  | { data?: undefined; error: M.ErrorResponse; response: Response };

type ParameterValue = string | number | bigint | boolean | readonly (string | number)[] | null | undefined;

/** Third argument of \`request\`. */
export interface RequestOptions extends CallOptions {
  params?: {
    /** Values for the names in braces in the path. */
    path?: Readonly<Record<string, ParameterValue>>;
    query?: Readonly<Record<string, ParameterValue>>;
  };
  /** Sent as JSON. */
  body?: unknown;
}

/**
 * Every endpoint by method and path. Nothing is thrown for an answer of 4xx or 5xx: look at \`error\`. No redirect is followed: endpoints
 * that redirect give the URL.
 */
export interface Rest {
  GET<P extends keyof GETs>(path: P, ...init: InitArgument<GETs[P]>): Promise<Result<GETs[P]['ok']>>;
  POST<P extends keyof POSTs>(path: P, ...init: InitArgument<POSTs[P]>): Promise<Result<POSTs[P]['ok']>>;
  PUT<P extends keyof PUTs>(path: P, ...init: InitArgument<PUTs[P]>): Promise<Result<PUTs[P]['ok']>>;
  DELETE<P extends keyof DELETEs>(path: P, ...init: InitArgument<DELETEs[P]>): Promise<Result<DELETEs[P]['ok']>>;
  /**
   * Calls any endpoint, including one that is missing in the API description: \`request('GET', '/repo/v1/some/{id}', { params: { path: { id } } })\`.
   * The answer is parsed if it is JSON, else it is text. The path must begin with one slash and have no dot segments.
   */
  request(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, init?: RequestOptions): Promise<Result<unknown>>;
}
`;

/** `rest.ts`: the endpoints of each method by path, and the façade that openapi-fetch's client is cast to. */
export function emitRest(endpoints: readonly Endpoint[]): string {
  const tables = (['GET', 'POST', 'PUT', 'DELETE'] as const).map((method) => {
    const rows = endpoints
      .filter((endpoint) => endpoint.method === method)
      .sort((a, b) => compare(a.path, b.path));
    return `/** Endpoints of ${method} by path. */\nexport interface ${method}s {\n${rows.map(row).join('')}}\n`;
  });
  return [
    `${HEADER}import type * as M from './models.js';\nimport type { CallOptions } from './services.js';\n`,
    ...tables,
    FACADE,
  ].join('\n');
}

function row(endpoint: Endpoint): string {
  const members = [
    `path: ${objectType(parametersIn(endpoint, 'path'))}`,
    `query: ${objectType(parametersIn(endpoint, 'query'))}`,
    `body: ${endpoint.body.model === '' ? 'undefined' : endpoint.body.type}`,
    `ok: ${resultType(endpoint)}`,
  ];
  const doc = docComment([`\`${endpoint.id}\``, `@see ${operationUrl(endpoint)}`], '  ');
  return `${doc}  ${quote(endpoint.path)}: ${objectType(members)};\n`;
}

function parametersIn({ parameters }: Endpoint, place: 'path' | 'query'): string[] {
  return parameters.filter((parameter) => parameter.in === place).map(member);
}
