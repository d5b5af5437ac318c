import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Effects } from '../conditions/faultRule.js';
import type { Caller } from './caller.js';

/** The state of one request in the kernel. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly effects: Effects;
  caller: Caller | undefined;
  /** Releases the slot of the request limiter. */
  leave: (() => void) | undefined;
  #signal: AbortSignal | undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    { url, effects }: { readonly url: URL; readonly effects: Effects },
  ) {
    this.request = request;
    this.response = response;
    this.url = url;
    this.effects = effects;
  }

  /** Aborted when the client disconnects. Created at the first use, because few requests need it. */
  get signal(): AbortSignal {
    this.#signal ??= disconnectSignal(this.response);
    return this.#signal;
  }
}

function disconnectSignal(response: ServerResponse): AbortSignal {
  const aborter = new AbortController();
  const onClose = (): void => {
    if (!response.writableFinished) {
      aborter.abort();
    }
  };
  if (response.closed) {
    onClose();
  } else {
    response.on('close', onClose);
  }
  return aborter.signal;
}
