import type { IncomingHttpHeaders } from 'node:http';

import type { Caller } from './caller.js';
import type { Exchange } from './exchange.js';
import type { Call, Endpoint, SentParameters } from './router.js';

/** The decoded and validated parts of a request. */
interface CallParts {
  readonly path: object;
  readonly query: object;
  readonly body: unknown;
  readonly caller: Caller;
  readonly sent: SentParameters;
}

/** The {@link Call} of a request that the dispatcher has read. */
export class RouteCall implements Call<Endpoint> {
  readonly path: object;
  readonly query: object;
  readonly body: unknown;
  readonly caller: Caller;
  readonly headers: IncomingHttpHeaders;
  readonly sent: SentParameters;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, { path, query, body, caller, sent }: CallParts) {
    this.path = path;
    this.query = query;
    this.body = body;
    this.caller = caller;
    this.sent = sent;
    this.headers = exchange.request.headers;
    this.#exchange = exchange;
  }

  get signal(): AbortSignal {
    return this.#exchange.signal;
  }
}
