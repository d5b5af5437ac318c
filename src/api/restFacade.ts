import { ArgumentError } from '../errors.js';
import type { ErrorResponse } from '../../generated/models.js';
import { operations } from '../../generated/operations.js';
import type { OperationRow } from '../../generated/operations.js';
import type { Rest } from '../../generated/rest.js';
import type { CallOptions } from '../../generated/services.js';
import type { Exchange, Exchanged, Received } from './exchange.js';

interface RawInit extends CallOptions {
  params?: { path?: Record<string, unknown>; query?: Record<string, unknown> };
  body?: unknown;
}

type Method = OperationRow[0];

/** Every endpoint by method and path, as openapi-fetch has it: an answer of 4xx or 5xx is returned, not thrown. */
export function createRest(exchange: Exchange): Rest {
  const rows = new Map(Object.values(operations).map((row) => [`${row[0]} ${row[1]}`, row]));
  const method =
    (name: Method) =>
    async (path: string, init: RawInit = {}) => {
      const row = rows.get(`${name} ${path}`);
      if (row === undefined) {
        throw new ArgumentError(
          `There is no endpoint ${name} ${path}. Paths are templates: '/repo/v1/entity/{id}', with the id in params.path.`,
        );
      }
      const { params, body, ...options } = init;
      const { redirect, ...query } = params?.query ?? {};
      const asked =
        row[4] === 'redirect' || redirect === undefined ? query : { ...query, redirect };
      const args = { ...params?.path, ...asked, ...(body !== undefined && { body }) };
      return toResult(await exchange(`${name} ${path}`, row, args, options));
    };
  const facade = {
    GET: method('GET'),
    POST: method('POST'),
    PUT: method('PUT'),
    DELETE: method('DELETE'),
  };
  return facade as unknown as Rest;
}

/** A body that is no `ErrorResponse` is made one: callers can always read `error.reason`. */
function toResult({ data, error, received }: Exchanged) {
  const response = toResponse(received);
  if (error === undefined) return { data, response };
  const { body, reason, errorCode } = error;
  const fields: object = typeof body === 'object' && body !== null ? body : {};
  const given = {
    concreteType: 'org.sagebionetworks.repo.model.ErrorResponse',
    ...(errorCode !== undefined && { errorCode }),
    ...fields,
    reason,
  };
  return { error: given as ErrorResponse, response };
}

/** For callers who look at the headers. */
function toResponse({ status, headers, text, url }: Received): Response {
  const bodiless = status === 204 || status === 205 || status === 304;
  const response = new Response(bodiless ? null : text, { status, headers: [...headers] });
  Object.defineProperty(response, 'url', { value: url });
  return response;
}
