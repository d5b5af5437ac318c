import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Authenticator } from '../auth/authenticator.js';
import { insufficientScope } from '../auth/authErrors.js';
import { noEffects, type Effects } from '../conditions/faultRule.js';
import { RequestLimiter } from '../conditions/requestLimiter.js';
import type { World } from '../world.js';
import type { Caller } from './caller.js';
import { Contract } from './contract.js';
import { isPreflight } from './cors.js';
import { errorCode } from './errorCode.js';
import { Exchange } from './exchange.js';
import { isJsonp, jsonpAnswer, refuseJsonp } from './jsonp.js';
import { normalize } from './model.js';
import { readPath, readQuery } from './parameters.js';
import type { Problems } from './problems.js';
import { Reply } from './reply.js';
import { isForm, readForm, readJson } from './requestBody.js';
import type { RequestLog } from './requestLog.js';
import { requestStream } from './requestStream.js';
import {
  acceptedAnswer,
  errorAnswer,
  jsonAnswer,
  sendAnswer,
  textAnswer,
  type Answer,
} from './respond.js';
import { RouteCall } from './routeCall.js';
import type { Call, Endpoint, RawHandler, SentParameters } from './router.js';
import type { Route, RouteMatch, RouteTable } from './routeTable.js';
import { badRequest, notFound, ServiceError, storageFull } from './serviceError.js';
import { requireOpenStack } from './stackRoutes.js';
import { refuseUnsupported } from './unsupportedElement.js';

/** The dependencies of a dispatcher. */
export interface DispatcherParts {
  readonly world: World;
  readonly routes: RouteTable;
  readonly authenticator: Authenticator;
  readonly log: RequestLog;
  readonly problems: Problems;
}

/**
 * Answers requests: finds the route, authenticates the caller, validates the request and runs the
 * handler.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #contract = new Contract();
  readonly #limiter = new RequestLimiter();
  readonly #origin: string;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#origin = new URL(parts.world.urls.base()).origin;
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = requestUrl(request, this.#origin);
    const raw = url && this.#parts.routes.findRaw(url.pathname);
    const match = url && raw === undefined ? this.#match(request, url) : undefined;
    const route = match !== undefined && 'route' in match ? match.route : undefined;
    const effects = this.#effects(request, url, route);
    const exchange = new Exchange(request, response, {
      url: url ?? new URL('http://invalid/'),
      effects,
    });
    const plain = await this.#answer(exchange, raw ?? match);
    const answer = isJsonp(exchange) ? jsonpAnswer(plain, exchange.url) : plain;
    try {
      await sendAnswer(exchange, { answer, isStorage: raw !== undefined });
    } catch (error) {
      this.#parts.problems.addError(`the answer to ${exchange.url.pathname}`, error);
      response.destroy();
    }
    exchange.leave?.();
    this.#parts.log.add({
      method: request.method ?? '',
      path: exchange.url.pathname,
      operation: route?.operation,
      status: response.writableEnded ? answer.status : 0,
      userId: exchange.caller?.userId,
    });
  }

  #match(request: IncomingMessage, url: URL): RouteMatch | ServiceError {
    try {
      const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
      return this.#parts.routes.match(method, url.pathname);
    } catch (error) {
      return error instanceof ServiceError ? error : badRequest(String(error));
    }
  }

  #effects(request: IncomingMessage, url: URL | undefined, route: Route | undefined): Effects {
    const pathname = url?.pathname ?? '';
    // The admin endpoints and preflight requests of browsers must work under every condition.
    return (url && isAdminPath(url)) || request.method === 'OPTIONS'
      ? noEffects
      : this.#parts.world.conditions.effects({
          method: request.method ?? '',
          pathname,
          operation: route?.operation,
        });
  }

  async #answer(
    exchange: Exchange,
    target: RawHandler | RouteMatch | ServiceError | undefined,
  ): Promise<Answer> {
    const { request, url, effects } = exchange;
    try {
      if (effects.delay > 0) {
        await sleep(effects.delay, undefined, { signal: exchange.signal });
      }
      const isForStorage = typeof target === 'function' && request.method === 'OPTIONS';
      if (isForStorage || isPreflight(request.method, request.headers)) {
        return { status: 200, headers: {}, body: undefined };
      }
      if (effects.failure !== undefined) {
        const { status, reason, retryAfter } = effects.failure;
        throw new ServiceError(status, reason, {
          ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
        });
      }
      if (target === undefined) {
        throw badRequest('The request target is not a valid URL.');
      }
      if (target instanceof ServiceError) {
        throw target;
      }
      refuseJsonp(exchange);
      return typeof target === 'function'
        ? await this.#serveRaw(exchange, target)
        : await this.#serveRoute(exchange, target);
    } catch (error) {
      const { pathname } = url;
      const { accept } = request.headers;
      return errorAnswer(this.#asServiceError(error, exchange), { pathname, accept });
    }
  }

  async #serveRaw(exchange: Exchange, handler: RawHandler): Promise<Answer> {
    const { request, url, effects } = exchange;
    const reply = await handler({
      method: request.method ?? '',
      url,
      headers: request.headers,
      body: requestStream(request, effects.dropRequestAt),
    });
    return replyAnswer(reply, 200);
  }

  async #serveRoute(exchange: Exchange, match: RouteMatch): Promise<Answer> {
    const { request, url } = exchange;
    const { authenticator, world } = this.#parts;
    requireOpenStack(world, url.pathname);
    const caller = await authenticator.caller(request.headers, url.pathname);
    exchange.caller = caller;
    const { limits } = world.conditions;
    if (limits !== undefined && !caller.isAnonymous && !isAdminPath(url)) {
      exchange.leave = this.#limiter.enter(caller.userId, limits, {
        now: world.now().getTime(),
        random: () => world.conditions.random(),
      });
    }
    if (match.kind === 'unknown') {
      throw notFound(`No service at ${request.method ?? ''} ${url.pathname}`);
    }
    if (match.kind === 'wrongMethod' && request.method === 'OPTIONS') {
      return optionsAnswer(match.allowed);
    }
    if (match.kind === 'wrongMethod') {
      throw new ServiceError(405, `Request method '${request.method ?? ''}' not supported`, {
        headers: { allow: match.allowed.join(', ') },
      });
    }
    const { route } = match;
    this.#checkAllowed(route, caller, url);
    if (route.handler === undefined) {
      throw new ServiceError(
        501,
        `${route.operation} (${route.method} ${route.template}) is not modelled by this server.`,
      );
    }
    const call = await this.#readCall(exchange, { route, segments: match.path, caller });
    const result = await this.#run(route, call);
    return acceptedAnswer(this.#resultAnswer(route, result, call), request.headers.accept);
  }

  #checkAllowed(route: Route, caller: Caller, url: URL): void {
    const missing = caller.isAnonymous
      ? []
      : route.scopes.filter((scope) => !caller.scopes.has(scope));
    if (missing.length > 0) {
      throw insufficientScope(missing);
    }
    this.#parts.authenticator.requireTerms(caller, url.pathname);
    const isWrite = route.scopes.includes('modify') || route.scopes.includes('authorize');
    if (isWrite && this.#parts.world.conditions.readOnly && !isAdminPath(url)) {
      throw new ServiceError(503, 'Synapse is in READ_ONLY mode. Please try again later.');
    }
  }

  async #readCall(
    exchange: Exchange,
    matched: {
      route: Route;
      segments: Record<string, string>;
      caller: Caller;
    },
  ): Promise<Call<Endpoint>> {
    const { request, effects } = exchange;
    const { route, segments, caller } = matched;
    const { row, parameters } = route;
    const path = readPath(parameters, segments);
    const sent = await this.#parameters(exchange, route);
    const given = new URLSearchParams([...sent.query, ...sent.form]);
    const query = row === undefined ? Object.fromEntries(given) : readQuery(parameters, given);
    const parsed =
      route.body === ''
        ? undefined
        : await readJson(request, requestStream(request, effects.dropRequestAt), route);
    const body = route.body ? this.#validBody(route.body, parsed) : parsed;
    return new RouteCall(exchange, { path, query, body, caller, sent });
  }

  /** The sent parameters. As in the service, a form body counts as a part of the query. */
  async #parameters({ request, url, effects }: Exchange, route: Route): Promise<SentParameters> {
    const query = url.searchParams;
    return route.body !== '' || request.method !== 'POST' || !isForm(request)
      ? { query, form: new URLSearchParams() }
      : { query, form: await readForm(requestStream(request, effects.dropRequestAt)) };
  }

  #validBody(model: string, parsed: unknown): unknown {
    if (parsed === undefined || parsed === null) {
      throw badRequest('Required request body is missing.');
    }
    const body = normalize(model, parsed);
    const problem = this.#contract.checkRequest(model, body);
    if (problem !== undefined) {
      throw badRequest(`The request body is not a valid ${model}: ${problem}.`);
    }
    refuseUnsupported(model, parsed, body);
    return body;
  }

  async #run(route: Route, call: Call<Endpoint>): Promise<unknown> {
    const { handler } = route;
    return handler === undefined
      ? undefined
      : await this.#parts.world.store.transaction(() => handler(call));
  }

  #resultAnswer(route: Route, result: unknown, call: Call<Endpoint>): Answer {
    if (result instanceof Reply) {
      const status = result.status ?? route.status;
      const isJson = !(result.body instanceof Uint8Array || result.body instanceof Readable);
      const model = status === route.status ? (route.row?.[5] ?? '') : result.model;
      if (isJson && result.body !== undefined && model !== undefined) {
        this.#checkResponse(route, model, result.body);
      }
      return replyAnswer(result, route.status);
    }
    if (route.row?.[4] === 'redirect' && typeof result === 'string') {
      return 'redirect' in call.query && call.query.redirect === false
        ? textAnswer(200, result)
        : { status: 307, headers: { location: result }, body: undefined };
    }
    this.#checkResponse(route, route.row?.[5] ?? '', result);
    return result === undefined
      ? { status: route.status, headers: {}, body: undefined }
      : jsonAnswer(route.status, result);
  }

  /** @throws 500 in strict mode when the answer does not fit the API description */
  #checkResponse(route: Route, model: string, value: unknown): void {
    if (route.row === undefined || (model === '' && value === undefined)) {
      return;
    }
    const problem = model === '' ? 'must have no body' : this.#contract.checkResponse(model, value);
    if (problem === undefined) {
      return;
    }
    const violation = { operation: route.operation, model, problem };
    this.#parts.problems.addViolation(violation);
    if (this.#parts.world.options.strict === true) {
      const reason = `The answer of ${route.operation} is not a valid ${model}: ${problem}.`;
      throw new ServiceError(500, reason, { body: { reason } });
    }
  }

  /** Converts internal errors to a 500 with a minimal body, or a 503 for a full disk. */
  #asServiceError(error: unknown, { request, response, url }: Exchange): ServiceError {
    if (error instanceof ServiceError) {
      return error;
    }
    const code = errorCode(error);
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      return storageFull();
    }
    // A handler may fail because its client disconnected, which is no defect.
    if (!response.destroyed && !request.socket.destroyed) {
      this.#parts.problems.addError(`${request.method ?? ''} ${url.pathname}`, error);
    }
    const reason = `Internal error of the embedded Synapse: ${String(error)}`;
    return new ServiceError(500, reason, { body: { reason } });
  }
}

function requestUrl(request: IncomingMessage, origin: string): URL | undefined {
  const target = request.url ?? '/';
  try {
    // A path may begin with two slashes, which `URL` would parse as a host.
    return new URL(target.startsWith('/') ? origin + target : target);
  } catch {
    return undefined;
  }
}

/** The methods of a path. */
function optionsAnswer(methods: readonly string[]): Answer {
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return { status: 200, headers: { allow: [...allow, 'OPTIONS'].join(',') }, body: undefined };
}

/** The paths of the server's admin endpoints. */
function isAdminPath(url: URL): boolean {
  return url.pathname.startsWith('/admin/');
}

function replyAnswer(reply: Reply, documentedStatus: number): Answer {
  const status = reply.status ?? documentedStatus;
  const { body, headers, release } = reply;
  if (body === undefined) {
    return { status, headers, body: undefined };
  }
  if (body instanceof Readable) {
    return { status, headers, body };
  }
  if (body instanceof Uint8Array) {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return { status, headers, body: bytes, release };
  }
  return jsonAnswer(status, body, headers);
}
