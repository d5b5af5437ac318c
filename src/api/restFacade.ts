import { ArgumentError } from '../errors.js';
import type { ErrorResponse } from '../../generated/models.js';
import type { Rest } from '../../generated/rest.js';
import type { CallOptions } from '../../generated/services.js';
import type { Exchange, Exchanged, Received } from './exchange.js';
import { operationAt, type Operation } from './operation.js';
import { operationByPath } from './operationByPath.js';

interface RawInit extends CallOptions {
  params?: { path?: Record<string, unknown>; query?: Record<string, unknown> };
  body?: unknown;
}

/** Every endpoint by method and path, in the form of openapi-fetch: a 4xx or 5xx response is returned, not thrown. */
export function createRest(exchange: Exchange): Rest {
  const request = async (method: string, path: string, init: RawInit = {}) => {
    const { params, body, ...options } = init;
    const given = { ...params?.path, ...params?.query, body };
    const { operation, args } = operationByPath(method, path, given);
    return toResult(await exchange(operation, withoutRedirect(operation, args), options));
  };
  const described = (method: Operation['method']) => async (path: string, init?: RawInit) => {
    if (operationAt(method, path) !== undefined) return request(method, path, init);
    throw new ArgumentError(
      `There is no endpoint ${method} ${path}. Paths are templates: '/repo/v1/entity/{id}', with the id in params.path. ` +
        `For an endpoint that is not described, use rest.request('${method}', path).`,
    );
  };
  const facade = {
    GET: described('GET'),
    POST: described('POST'),
    PUT: described('PUT'),
    DELETE: described('DELETE'),
    request,
  };
  return facade as unknown as Rest;
}

/** Redirects are never followed, even if the caller asks for it. */
function withoutRedirect(
  { parse }: Operation,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return parse === 'redirect' ? { ...args, redirect: undefined } : args;
}

/** Converts a body that is not an `ErrorResponse` to one, so that callers can always read `error.reason`. */
function toResult({ data, error, received }: Exchanged) {
  const response = toResponse(received);
  if (error === undefined) return { data, response };
  const { body, reason, errorCode } = error;
  const fields: object = typeof body === 'object' && body !== null ? body : {};
  const given = {
    concreteType: 'org.sagebionetworks.repo.model.ErrorResponse',
    errorCode,
    ...fields,
    reason,
  };
  return { error: given as ErrorResponse, response };
}

/** For callers that read the headers. */
function toResponse({ status, headers, text, url }: Received): Response {
  const bodiless = status === 204 || status === 205 || status === 304;
  const response = new Response(bodiless ? null : text, { status, headers: [...headers] });
  Object.defineProperty(response, 'url', { value: url });
  return response;
}
