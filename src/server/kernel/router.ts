import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

import type { DELETEs, GETs, POSTs, PUTs } from '../../../generated/rest.js';
import type { Caller, Scope } from './caller.js';
import type { Reply } from './reply.js';

/** Shape of one entry of the generated `GETs`, `POSTs`, `PUTs` and `DELETEs`. */
export interface Endpoint {
  readonly path: object;
  readonly query: object;
  readonly body: unknown;
  readonly ok: unknown;
}

/** Clients may give a number as text; a handler always gets the number. */
type Coerced<P> = { readonly [K in keyof P]: string | number extends P[K] ? number : P[K] };

/** One request, decoded and validated. */
export interface Call<E extends Endpoint> {
  /** Decoded path parameters, coerced to their documented kind. */
  readonly path: Coerced<E['path']>;
  /** Decoded query parameters, coerced to their documented kind. */
  readonly query: E['query'];
  /** The parsed body without its `null` properties, valid for the operation. Never mutate it. */
  readonly body: E['body'];
  readonly caller: Caller;
  readonly headers: IncomingHttpHeaders;
  /** Aborted when the client has gone away. */
  readonly signal: AbortSignal;
}

/**
 * Serves one operation. The returned value is sent with the documented success status; a
 * {@link Reply} decides for itself. For operations documented as redirects, return the URL.
 *
 * The synchronous part runs inside a store transaction. After an `await`, open another one.
 */
export type Handler<E extends Endpoint> = (
  call: Call<E>,
) => E['ok'] | Reply | Promise<E['ok'] | Reply>;

/** An endpoint that the description lacks. Nothing is coerced, and no answer is validated. */
export interface ExtraEndpoint extends Endpoint {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  readonly ok: unknown;
}

/** Rules for an endpoint that the description lacks. */
export interface ExtraOptions {
  /** Status of a plain returned value. @default 200 */
  readonly status?: number;
  /** Scopes that a token must have. @default `view` for GET, `view` and `modify` otherwise */
  readonly scopes?: readonly Scope[];
  /** Name of the model that the body is held to. @default any JSON, as it came */
  readonly body?: string;
}

/** One request to a raw prefix: no JSON, no Synapse login, no body limit. */
export interface RawCall {
  readonly method: string;
  /** Absolute URL as the client asked for it. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The request body, not read yet. */
  readonly body: Readable;
  readonly signal: AbortSignal;
}

/**
 * Serves raw bytes (the storage behind presigned URLs). A thrown `ServiceError` with a string
 * `body` sends that body as it is. HEAD arrives as HEAD; the kernel drops the body of its answer.
 */
export type RawHandler = (call: RawCall) => Reply | Promise<Reply>;

export type Method = 'DELETE' | 'GET' | 'POST' | 'PUT';

/** Where the domain folders register what they serve. A path is served once: a second handler throws. */
export interface Router {
  get<P extends keyof GETs>(path: P, handler: Handler<GETs[P]>): void;
  post<P extends keyof POSTs>(path: P, handler: Handler<POSTs[P]>): void;
  put<P extends keyof PUTs>(path: P, handler: Handler<PUTs[P]>): void;
  delete<P extends keyof DELETEs>(path: P, handler: Handler<DELETEs[P]>): void;
  /** Serves an endpoint that the description lacks; `path` uses `{name}` for parameters. */
  extra(
    method: Method,
    path: string,
    handler: Handler<ExtraEndpoint>,
    options?: ExtraOptions,
  ): void;
  /** Serves everything below `prefix` (which ends in `/`) outside the API bases. */
  raw(prefix: string, handler: RawHandler): void;
}
