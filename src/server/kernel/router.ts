import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

import type { DELETEs, GETs, POSTs, PUTs } from '../../../generated/rest.js';
import type { Caller } from './caller.js';
import type { Reply } from './reply.js';

/** Type of one entry of the generated `GETs`, `POSTs`, `PUTs` and `DELETEs`. */
export interface Endpoint {
  readonly path: object;
  readonly query: object;
  readonly body: unknown;
  readonly ok: unknown;
}

/** Clients may send a number as text; handlers always receive a number. */
type Coerced<P> = { readonly [K in keyof P]: string | number extends P[K] ? number : P[K] };

/** The parameters of a request as they were sent, also those that the operation does not have. */
export interface SentParameters {
  readonly query: URLSearchParams;
  /** The fields of a form body; empty when the body is no form. */
  readonly form: URLSearchParams;
}

/** One request, decoded and validated. */
export interface Call<E extends Endpoint> {
  /** Decoded path parameters, converted to their documented type. */
  readonly path: Coerced<E['path']>;
  /** Decoded query parameters, converted to their documented type. */
  readonly query: E['query'];
  /**
   * The parsed body without its `null` properties, valid for the operation. Must not be mutated.
   */
  readonly body: E['body'];
  readonly caller: Caller;
  readonly headers: IncomingHttpHeaders;
  readonly sent: SentParameters;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
}

/**
 * Serves one operation. The returned value is sent with the documented success status; a {@link
 * Reply} sets its own status. For operations documented as redirects, return the URL.
 *
 * The synchronous part runs inside a store transaction. After an `await`, open another one.
 */
export type Handler<E extends Endpoint> = (
  call: Call<E>,
) => E['ok'] | Reply | Promise<E['ok'] | Reply>;

/**
 * An endpoint that the API description lacks. Parameters are not converted and answers are not
 * validated.
 */
export interface ExtraEndpoint extends Endpoint {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  readonly ok: unknown;
}

/** Options of an endpoint that the API description lacks. */
export interface ExtraOptions {
  /** Status of a plain returned value. @default 200 */
  readonly status?: number;
  /** Name of the model that validates the body. @default any JSON, without validation */
  readonly body?: string;
  /** Whether the numbers of the body stay exact. @default false */
  readonly exactNumbers?: boolean;
}

/** One request to a raw prefix: no JSON, no Synapse login, no body limit. */
export interface RawCall {
  readonly method: string;
  /** Absolute URL as the client sent it. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The request body, not read yet. */
  readonly body: Readable;
}

/**
 * Serves raw bytes (the storage behind presigned URLs). A thrown `ServiceError` with a string
 * `body` sends that body as it is. HEAD arrives as HEAD; the kernel drops the body of its answer.
 */
export type RawHandler = (call: RawCall) => Reply | Promise<Reply>;

export type Method = 'DELETE' | 'GET' | 'POST' | 'PUT';

/** Registers the handlers of endpoints. Registering a second handler for a path throws. */
export interface Router {
  get<P extends keyof GETs>(path: P, handler: Handler<GETs[P]>): void;
  post<P extends keyof POSTs>(path: P, handler: Handler<POSTs[P]>): void;
  put<P extends keyof PUTs>(path: P, handler: Handler<PUTs[P]>): void;
  delete<P extends keyof DELETEs>(path: P, handler: Handler<DELETEs[P]>): void;
  /** Serves an endpoint that the API description lacks; `path` uses `{name}` for parameters. */
  extra(
    method: Method,
    path: string,
    handler: Handler<ExtraEndpoint>,
    options?: ExtraOptions,
  ): void;
  /** Serves everything below `prefix` (which ends in `/`) outside the API bases. */
  raw(prefix: string, handler: RawHandler): void;
}
