import { ArgumentError } from '../errors.js';
import type { Rest } from '../../generated/rest.js';
import type { CallOptions, Services } from '../../generated/services.js';
import { systemClock } from '../net/clock.js';
import type { Clock } from '../net/clock.js';
import { resolveEndpoints } from './endpoints.js';
import type { ServiceEndpoints } from './endpoints.js';
import { createExchange } from './exchange.js';
import type { Exchange, ExchangeCallOptions } from './exchange.js';
import { Governor } from './governor.js';
import type { WaitNotice } from './governor.js';
import { operationById, operationIds, requireOperation, takesArguments } from './operation.js';
import { operationByPath, type PathCall } from './operationByPath.js';
import { createPaginate } from './paginate.js';
import type { Paginate } from './paginate.js';
import { createRest } from './restFacade.js';
import { defaultRetryOptions } from './retryPolicy.js';
import type { RetryOptions } from './retryPolicy.js';
import { createRunJob } from './runJob.js';
import type { RunJob } from './runJob.js';
import { createSender } from './send.js';
import { userAgentFor } from './userAgent.js';
import type { OnRequest } from '../net/requestNotice.js';
import type { WireFetch } from '../net/wireFetch.js';

/** Options for calls of the REST API. */
export interface HttpOptions {
  /** @default 'https://repo-prod.prod.sagebase.org' */
  endpoint?: string;
  /** URLs of single services, each with its base path. They take precedence over `endpoint`. */
  endpoints?: ServiceEndpoints;
  /** Called before every request. The token is sent to the endpoints above only. */
  accessToken?: () => string | undefined;
  /**
   * Sends a request, with the signature of the global `fetch`.
   * @default the HTTP/1.1 client of this package in Node.js, with the proxy and the certificates that the environment names;
   * `globalThis.fetch` elsewhere
   */
  fetch?: WireFetch;
  /** Appended to the `User-Agent` of this client. Browsers send their own. */
  userAgent?: string;
  retry?: Partial<RetryOptions>;
  /**
   * Maximum number of concurrent requests. After a 429 response, the client uses a lower limit.
   * @default 8
   */
  maxConcurrent?: number;
  /**
   * Maximum number of requests started in any 60 s. The service allows each user 600 a minute on each of its machines, and does not
   * say how many machines there are. Without this option, the client learns the limit from 429 responses.
   * @default no limit
   */
  requestsPerMinute?: number;
  /** Milliseconds for a whole call, including waiting and retries. The `timeout` of a call takes precedence. @default none */
  timeout?: number;
  /** Called when calls wait for a second or more: because of a limit, after a 429, or for a retry. */
  onWait?: (notice: WaitNotice) => void;
  /**
   * For logs: called after each request, including those that are sent again and those to file stores. Secrets are masked.
   */
  onRequest?: OnRequest;
  /** @internal Called after every call, also one that failed, with the id of its operation. */
  onCall?: (operation: string) => void;
  /** @internal */
  clock?: Clock;
}

/** The Synapse REST API: every operation in three forms, and helpers for jobs and pages. */
export interface Http {
  /** Every operation as a method: `services.entity.getEntity({ id })`. Errors are thrown. */
  readonly services: Services;
  /** Every endpoint by method and path: `rest.GET('/repo/v1/entity/{id}', …)`. Returns `{ data, error, response }`. */
  readonly rest: Rest;
  /** Runs an asynchronous job and waits for its result. */
  readonly runJob: RunJob;
  /** Iterates over the items of an operation that returns pages. */
  readonly paginate: Paginate;
  /**
   * Calls an operation by an id that is only known at run time. Or calls any endpoint by method and path, including
   * endpoints that are missing in the API description: `call('GET /repo/v1/some/{id}', { id, limit: 5 })`. Arguments that are not
   * in the path are then sent in the query, and `body` as the body.
   *
   * @returns What `services` returns; for an endpoint that is not described, JSON or text depending on the content type.
   * Whole numbers that a JavaScript number cannot hold are `bigint`.
   * @throws The same errors as `services`.
   */
  call(
    operationId: string,
    args?: Readonly<Record<string, unknown>>,
    options?: ExchangeCallOptions,
  ): Promise<unknown>;
  /**
   * The same calls for the functions of this package: an answer that the API description does not allow is refused, so that
   * they can rely on the types. All others pass on what the server sent.
   */
  readonly checked: Pick<Http, 'services' | 'paginate' | 'runJob'>;
  /** Closes open connections. Later calls are refused. */
  close(): Promise<void>;
}

/**
 * Creates the API client without anything that only Node.js has.
 *
 * @param parts - `fetch` sends the requests, and may read their light form. `check` is what {@link Http.checked} uses: the shapes of
 * all answers are large, and a client without functions that rely on them needs none.
 */
export function createHttpCore(
  options: HttpOptions = {},
  { fetch = webFetch(options.fetch), check = pass }: { fetch?: WireFetch; check?: Check } = {},
): Http {
  const exchange = guard(createExchangeFor(options, fetch), options.onCall);
  const clock = options.clock ?? systemClock;
  const createCall =
    (checkOne: Check): Http['call'] =>
    async (name, given = {}, callOptions) => {
      const { operation, args } = findOperation(name, given);
      const { data, error } = await exchange(operation, args, callOptions);
      if (error !== undefined) throw error;
      return checkOne(name, data);
    };
  const call = createCall(pass);
  const checkedCall = createCall(check);
  return {
    services: createServices(call),
    rest: createRest(exchange),
    runJob: createRunJob({ exchange, call, check: pass, clock }),
    paginate: createPaginate(call),
    call,
    checked: {
      services: createServices(checkedCall),
      paginate: createPaginate(checkedCall),
      runJob: createRunJob({ exchange, call: checkedCall, check, clock }),
    },
    close: () => {
      exchange.close();
      return Promise.resolve();
    },
  };
}

/** Checks an answer, by the id of its operation, and returns it. */
type Check = (operation: string, answer: unknown) => unknown;

const pass: Check = (_operation, answer) => answer;

/** Passes on requests as plain objects, which a caller's `fetch` may copy. */
function webFetch(
  // Looked up for each request: a program may replace the global `fetch` after this client is created.
  fetch: WireFetch = (...request) => globalThis.fetch(...request),
): WireFetch {
  return (url, { method, headers, body, signal, redirect }) =>
    fetch(url, { method, headers, body, signal, redirect });
}

function createExchangeFor(options: HttpOptions, fetch: WireFetch): Exchange {
  const { maxConcurrent, requestsPerMinute, clock = systemClock, onWait, onRequest } = options;
  for (const [name, value] of Object.entries({ maxConcurrent, requestsPerMinute })) {
    if (value !== undefined && !(value >= 1))
      throw new ArgumentError(`${name} should be 1 or more, not ${value}.`);
  }
  const send = createSender({
    fetch,
    governor: new Governor({ maxConcurrent, requestsPerMinute, clock, onWait }),
    retry: withDefaults(options.retry),
    clock,
    onWait,
    onRequest,
  });
  return createExchange({
    send,
    resolveEndpoint: resolveEndpoints(options),
    accessToken: options.accessToken,
    userAgent: userAgentFor(options.userAgent),
    timeout: options.timeout,
  });
}

/** Applies the defaults, also for options that are `undefined`. */
function withDefaults(retry: Partial<RetryOptions> = {}): RetryOptions {
  const given: Record<string, number | undefined> = { ...retry };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaultRetryOptions, ...(Object.fromEntries(set) as Partial<RetryOptions>) };
}

/** Refuses calls after `close`, and tells about the others. */
function guard(exchange: Exchange, onCall?: HttpOptions['onCall']): Exchange & { close(): void } {
  let closed = false;
  const observed: Exchange = (operation, args, options) =>
    exchange(operation, args, options).finally(() => onCall?.(operation.id));
  const called = onCall === undefined ? exchange : observed;
  const guarded: Exchange = (operation, args, options) =>
    closed
      ? Promise.reject(new ArgumentError(`${operation.id} was called on a client that is closed.`))
      : called(operation, args, options);
  return Object.assign(guarded, {
    close: () => {
      closed = true;
    },
  });
}

/** `service.name`, or `METHOD /path`. */
function findOperation(name: string, args: Readonly<Record<string, unknown>>): PathCall {
  const operation = operationById(name);
  if (operation !== undefined) return { operation, args };
  const [, method, path] = /^([A-Z]+) (.*)$/s.exec(name) ?? [];
  if (method !== undefined && path !== undefined) return operationByPath(method, path, args);
  return { operation: requireOperation(name), args };
}

/** Takes the arguments of the operation, if it has any, and options. */
type Method = (first?: Record<string, unknown>, second?: CallOptions) => Promise<unknown>;

/** Creates a method for every operation from the operation data. No operation has its own code. */
function createServices(call: Http['call']): Services {
  const services = {};
  for (const [service, ids] of operationsByService()) {
    Object.defineProperty(services, service, {
      configurable: true,
      enumerable: true,
      // A program uses few of the services: each is created when it is first used.
      get: () => {
        const value = createService(ids, call);
        Object.defineProperty(services, service, { value, writable: true });
        return value;
      },
    });
  }
  return services as Services;
}

let idsByService: ReadonlyMap<string, readonly string[]> | undefined;

/** The ids of all operations by their service. */
function operationsByService(): ReadonlyMap<string, readonly string[]> {
  if (idsByService !== undefined) return idsByService;
  const found = new Map<string, string[]>();
  for (const id of operationIds()) {
    const service = id.slice(0, id.indexOf('.'));
    const ids = found.get(service);
    if (ids === undefined) found.set(service, [id]);
    else ids.push(id);
  }
  idsByService = found;
  return found;
}

function createService(ids: readonly string[], call: Http['call']): Record<string, Method> {
  const service: Record<string, Method> = {};
  for (const id of ids) {
    service[id.slice(id.indexOf('.') + 1)] = (first, second) =>
      takesArguments(requireOperation(id)) ? call(id, first, second) : call(id, {}, first);
  }
  return service;
}
