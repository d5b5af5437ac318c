import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';

import { errorCode } from './errorCode.js';
import { refuseRequest } from './refuseRequest.js';

/** Longer than the timeouts of clients, so that the client closes idle connections. */
const keepAliveTimeout = 75_000;
/** Uploading a large part over a slow connection takes long. */
const requestTimeout = 1_800_000;
const headersTimeout = 60_000;

export type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void> | void;

/** A listening socket. Requests wait until {@link Listener.serve} is called. */
export class Listener {
  readonly #server: Server;
  #handler: RequestHandler | undefined;
  #waiting: [IncomingMessage, ServerResponse][] = [];
  #running = 0;
  #isClosing = false;
  #onIdle: (() => void) | undefined;

  private constructor() {
    this.#server = createServer({ keepAliveTimeout, requestTimeout, headersTimeout }, (...pair) =>
      this.#accept(pair),
    );
    this.#server.on('clientError', refuseRequest);
  }

  /** @throws Error when the port is taken or may not be used */
  static async open(host: string, port: number): Promise<Listener> {
    const listener = new Listener();
    const server = listener.#server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(error, host, port)));
      server.listen({ host, port }, resolve);
    });
    server.removeAllListeners('error');
    return listener;
  }

  get port(): number {
    // The address is a string for pipes only, which are not used here.
    return (this.#server.address() as AddressInfo).port;
  }

  /** Starts answering requests, first those that arrived before. */
  serve(handler: RequestHandler): void {
    this.#handler = handler;
    for (const pair of this.#waiting.splice(0)) {
      this.#accept(pair);
    }
  }

  /**
   * Stops accepting connections, waits for active requests for a limited time, then closes all
   * connections.
   */
  async close(patience: number): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    if (this.#running > 0) {
      const timer = setTimeout(() => this.#onIdle?.(), patience);
      await idle;
      clearTimeout(timer);
    }
    this.#server.closeAllConnections();
    await closed;
  }

  #accept(pair: [IncomingMessage, ServerResponse]): void {
    const handler = this.#handler;
    if (handler === undefined) {
      this.#waiting.push(pair);
      return;
    }
    const [request, response] = pair;
    this.#running += 1;
    response.once('close', () => {
      this.#running -= 1;
      if (this.#isClosing && this.#running === 0) {
        this.#onIdle?.();
      }
    });
    void handler(request, response);
  }
}

function listenError(error: Error, host: string, port: number): Error {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new Error(
        `Port ${port} on ${host} is in use: choose another one, or 0 for any free port`,
        { cause: error },
      );
    case 'EACCES':
      return new Error(`Port ${port} on ${host} may not be used: choose one above 1023`, {
        cause: error,
      });
    default:
      return new Error(`Cannot listen on ${host}:${port}: ${error.message}`, { cause: error });
  }
}

/** Whether an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d+){3}$/.test(host);
}

/** The URL of a listening address. A wildcard address is written as `localhost`. */
export function listenUrl(host: string, port: number): string {
  const name =
    host === '0.0.0.0' || host === '::' ? 'localhost' : isIPv6(host) ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
