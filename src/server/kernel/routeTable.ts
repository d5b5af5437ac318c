import { operations, type OperationRow } from '../../../generated/operations.js';
import type { DELETEs, GETs, POSTs, PUTs } from '../../../generated/rest.js';
import type { Scope } from './caller.js';
import { parseParameters, type Parameter } from './parameters.js';
import type {
  Endpoint,
  ExtraEndpoint,
  ExtraOptions,
  Handler,
  Method,
  RawHandler,
  Router,
} from './router.js';
import { requiredScopes } from './scopes.js';
import { badRequest } from './serviceError.js';

/** One method of one path. */
export interface Route {
  /** `service.name`, or `GET /path` for an endpoint that the API description lacks. */
  readonly operation: string;
  readonly method: Method;
  readonly template: string;
  readonly row: OperationRow | undefined;
  readonly parameters: readonly Parameter[];
  readonly scopes: readonly Scope[];
  /** Model of the request body: '' for no body, `undefined` for any JSON without validation. */
  readonly body: string | undefined;
  /** Whether the numbers of the body stay exact, see `exactJson.ts`. */
  readonly exactNumbers: boolean;
  /** Success status. */
  readonly status: number;
  /** `undefined` for an operation that is described but not modelled. */
  handler: Handler<Endpoint> | undefined;
}

/** The result of looking up a method and path. */
export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly path: Record<string, string> }
  | { readonly kind: 'wrongMethod'; readonly allowed: readonly Method[] }
  | { readonly kind: 'unknown' };

interface Node {
  readonly literals: Map<string, Node>;
  parameter: Node | undefined;
  readonly routes: Map<Method, Route>;
}

/** The paths of the API description and those added to it. */
export class RouteTable implements Router {
  readonly #root = newNode();
  readonly #raw = new Map<string, RawHandler>();

  constructor() {
    for (const [operation, row] of Object.entries(operations)) {
      const [method, template, params, body, parse, , status] = row;
      this.#add({
        operation,
        method,
        template,
        row,
        parameters: parseParameters(params),
        scopes: requiredScopes({ method, path: template, isDownload: parse === 'redirect' }),
        body,
        exactNumbers: body === '?',
        status,
        handler: undefined,
      });
    }
  }

  get<P extends keyof GETs>(path: P, handler: Handler<GETs[P]>): void {
    this.#model('GET', path, handler);
  }

  post<P extends keyof POSTs>(path: P, handler: Handler<POSTs[P]>): void {
    this.#model('POST', path, handler);
  }

  put<P extends keyof PUTs>(path: P, handler: Handler<PUTs[P]>): void {
    this.#model('PUT', path, handler);
  }

  delete<P extends keyof DELETEs>(path: P, handler: Handler<DELETEs[P]>): void {
    this.#model('DELETE', path, handler);
  }

  extra(
    method: Method,
    path: string,
    handler: Handler<ExtraEndpoint>,
    options: ExtraOptions = {},
  ): void {
    this.#add({
      operation: `${method} ${path}`,
      method,
      template: path,
      row: undefined,
      parameters: [],
      scopes: requiredScopes({ method, path }),
      body: options.body ?? (method === 'GET' || method === 'DELETE' ? '' : undefined),
      exactNumbers: options.exactNumbers ?? false,
      status: options.status ?? 200,
      handler: handler as Handler<Endpoint>,
    });
  }

  raw(prefix: string, handler: RawHandler): void {
    if (this.#raw.has(prefix)) {
      throw new Error(`${prefix} is served already`);
    }
    this.#raw.set(prefix, handler);
  }

  /** Serves an operation by its name, for operations that are listed in data. */
  model(operation: string, handler: Handler<Endpoint>): void {
    const row = operations[operation];
    if (row === undefined) {
      throw new Error(`${operation} is not in the API description`);
    }
    this.#model(row[0], row[1], handler);
  }

  /** Every operation of the description with whether it is modelled, and the extra endpoints. */
  *routes(): IterableIterator<Route> {
    yield* routesBelow(this.#root);
  }

  /** The handler of bytes for a path, when one is registered. */
  findRaw(pathname: string): RawHandler | undefined {
    const end = pathname.indexOf('/', 1);
    return end === -1 ? undefined : this.#raw.get(pathname.slice(0, end + 1));
  }

  /** @throws 400 when the path cannot be decoded */
  match(method: string, pathname: string): RouteMatch {
    const segments = pathname.split('/').slice(1);
    if (segments.at(-1) === '') {
      segments.pop();
    }
    const decoded = segments.map(decodeSegment);
    const allowed = new Set<Method>();
    const found = find(this.#root, 0, { segments: decoded, method, allowed });
    if (found !== undefined) {
      return { kind: 'found', route: found, path: bindPath(found.template, decoded) };
    }
    return allowed.size > 0 ? { kind: 'wrongMethod', allowed: [...allowed] } : { kind: 'unknown' };
  }

  #add(route: Route): void {
    let node = this.#root;
    for (const segment of route.template.split('/').slice(1)) {
      if (segment.startsWith('{')) {
        node = node.parameter ??= newNode();
        continue;
      }
      let next = node.literals.get(segment);
      if (next === undefined) {
        next = newNode();
        node.literals.set(segment, next);
      }
      node = next;
    }
    if (node.routes.has(route.method)) {
      throw new Error(`${route.method} ${route.template} is defined already`);
    }
    node.routes.set(route.method, route);
  }

  /** Handlers are stored untyped. `Router` has checked the types of each for its path. */
  #model<E extends Endpoint>(method: Method, template: string, handler: Handler<E>): void {
    const match = this.match(method, template);
    if (match.kind !== 'found' || match.route.template !== template) {
      throw new Error(`${method} ${template} is not in the API description: use extra()`);
    }
    if (match.route.handler !== undefined) {
      throw new Error(`${method} ${template} is served already`);
    }
    match.route.handler = handler as unknown as Handler<Endpoint>;
  }
}

function newNode(): Node {
  return { literals: new Map(), parameter: undefined, routes: new Map() };
}

function* routesBelow(node: Node): IterableIterator<Route> {
  yield* node.routes.values();
  for (const child of node.literals.values()) {
    yield* routesBelow(child);
  }
  if (node.parameter !== undefined) {
    yield* routesBelow(node.parameter);
  }
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) {
    return segment;
  }
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest(`The path is not properly encoded at '${segment.slice(0, 100)}'.`);
  }
}

interface Search {
  readonly segments: readonly string[];
  readonly method: string;
  /** Collects the methods of matching paths. */
  readonly allowed: Set<Method>;
}

/** Literal segments take precedence over parameters if the method matches. */
function find(node: Node, depth: number, search: Search): Route | undefined {
  const { segments, method, allowed } = search;
  const segment = segments[depth];
  if (segment === undefined) {
    const route = node.routes.get(method as Method);
    if (route === undefined) {
      for (const known of node.routes.keys()) {
        allowed.add(known);
      }
    }
    return route;
  }
  const literal = node.literals.get(segment);
  const found = literal && find(literal, depth + 1, search);
  if (found !== undefined || node.parameter === undefined || segment === '') {
    return found;
  }
  return find(node.parameter, depth + 1, search);
}

function bindPath(template: string, segments: readonly string[]): Record<string, string> {
  const path: Record<string, string> = {};
  for (const [position, part] of template.split('/').slice(1).entries()) {
    if (part.startsWith('{')) {
      path[part.slice(1, -1)] = segments[position] ?? '';
    }
  }
  return path;
}
