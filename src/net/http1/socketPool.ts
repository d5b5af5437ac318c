import type { SecureContext } from 'node:tls';
import { systemClock } from '../clock.js';
import type { ResponseHead } from './responseHead.js';
import {
  ConnectionError,
  type ResponseSink,
  type SocketAnswer,
  type SocketRequest,
} from './responseReader.js';
import { SocketConnection, type ConnectionEvents, type TlsOptions } from './socketConnection.js';

/** Milliseconds between the checks for connections that have waited too long. */
const sweepInterval = 1_000;

/** A connection that waits for the next request. */
interface Idle {
  connection: SocketConnection;
  /** When to close it, by the system clock. */
  until: number;
}

/** Connections that are kept for later requests, by origin. The one that was used last is used first. */
export class SocketPool {
  readonly #idle = new Map<string, Idle[]>();
  /** The newest TLS session of each origin. */
  readonly #sessions = new Map<string, Buffer>();
  readonly #secureContext: () => Promise<SecureContext>;
  readonly #idleTimeout: number;
  #sweep: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param idleTimeout milliseconds after which an idle connection is closed */
  constructor(secureContext: () => Promise<SecureContext>, idleTimeout: number) {
    this.#secureContext = secureContext;
    this.#idleTimeout = idleTimeout;
  }

  /**
   * Sends a request over a free connection, or a new one.
   * @throws the errors of {@link SocketConnection.send}
   */
  async send(request: SocketRequest): Promise<SocketAnswer> {
    const connection = this.#take(request.origin) ?? (await this.#connect(request.origin));
    return connection.send(request);
  }

  /**
   * Sends a request as {@link send}. When the server closes an idle connection at the moment the request is sent, it is sent
   * again with a new connection: only for requests that have no effect.
   */
  async read(request: SocketRequest & { sink: ResponseSink }): Promise<SocketAnswer> {
    const idle = this.#take(request.origin);
    if (idle !== undefined) {
      const seen = { head: false };
      const { sink } = request;
      const watched: ResponseSink = {
        head: (head) => {
          seen.head = true;
          sink.head(head);
        },
        data: (chunk, release) => sink.data(chunk, release),
      };
      try {
        return await idle.send({ ...request, sink: watched });
      } catch (error) {
        if (seen.head || !(error instanceof ConnectionError)) throw error;
      }
    }
    return (await this.#connect(request.origin)).send(request);
  }

  /** Closes the idle connections now, and each other connection after its response. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#sweep);
    const connections = [...this.#idle.values()].flat();
    this.#idle.clear();
    for (const { connection } of connections) connection.destroy();
  }

  #take(origin: string): SocketConnection | undefined {
    const waiting = this.#idle.get(origin);
    for (;;) {
      const idle = waiting?.pop();
      if (idle === undefined) return undefined;
      const { connection, until } = idle;
      if (connection.isOpen && systemClock.now() < until) return connection;
      connection.destroy();
    }
  }

  async #connect(origin: string): Promise<SocketConnection> {
    const url = new URL(origin);
    const events: ConnectionEvents = {
      onIdle: (connection, head) => this.#keep(connection, origin, head),
      // The server may have refused the session.
      onFailure: () => this.#sessions.delete(origin),
    };
    if (url.protocol !== 'https:') return new SocketConnection(url, undefined, events);
    const { connect } = await import('node:tls');
    const tls: TlsOptions = {
      connect,
      secureContext: await this.#secureContext(),
      session: this.#sessions.get(origin),
      onSession: (session) => this.#sessions.set(origin, session),
    };
    return new SocketConnection(url, tls, events);
  }

  #keep(connection: SocketConnection, origin: string, { idleTimeout }: ResponseHead): void {
    if (this.#isClosed) {
      connection.destroy();
      return;
    }
    let waiting = this.#idle.get(origin);
    if (waiting === undefined) {
      waiting = [];
      this.#idle.set(origin, waiting);
    }
    const time = Math.min(this.#idleTimeout, idleTimeout ?? this.#idleTimeout);
    waiting.push({ connection, until: systemClock.now() + time });
    this.#sweep ??= setTimeout(() => this.#closeExpired(), sweepInterval).unref();
  }

  /** Closes the connections that have waited too long, and forgets those that the server has closed. */
  #closeExpired(): void {
    this.#sweep = undefined;
    const now = systemClock.now();
    for (const [origin, waiting] of this.#idle) {
      const left = waiting.filter(({ connection, until }) => {
        if (until <= now) connection.destroy();
        return connection.isOpen;
      });
      if (left.length > 0) this.#idle.set(origin, left);
      else this.#idle.delete(origin);
    }
    if (this.#idle.size > 0) {
      this.#sweep = setTimeout(() => this.#closeExpired(), sweepInterval).unref();
    }
  }
}
