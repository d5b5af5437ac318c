import type { SecureContext } from 'node:tls';
import { NetworkError } from '../../errors.js';
import type { SocketAnswer, SocketRequest } from './responseReader.js';
import { SocketConnection, type TlsOptions } from './socketConnection.js';

/** Idle connections. */
export class SocketPool {
  readonly #idle = new Map<string, SocketConnection[]>();
  /** The newest TLS session of each origin. */
  readonly #sessions = new Map<string, Buffer>();
  readonly #secureContext: () => Promise<SecureContext>;
  #isClosed = false;

  constructor(secureContext: () => Promise<SecureContext>) {
    this.#secureContext = secureContext;
  }

  /**
   * Sends a request over a free connection, or a new one.
   * @throws the errors of {@link SocketConnection.get}
   */
  async get(request: SocketRequest): Promise<SocketAnswer> {
    request.signal?.throwIfAborted();
    const idle = this.#take(request.url.origin);
    if (idle !== undefined) {
      const seen = { head: false };
      const watched: SocketRequest = {
        ...request,
        head: (head) => {
          seen.head = true;
          request.head(head);
        },
      };
      try {
        return await this.#send(idle, watched);
      } catch (error) {
        // The server closed the idle connection when the request was sent. Try again with a new connection.
        if (seen.head || !(error instanceof NetworkError)) throw error;
      }
    }
    return this.#send(await this.#connect(request.url), request);
  }

  /** Closes the idle connections now, and each other connection after its response. */
  close(): void {
    this.#isClosed = true;
    const connections = [...this.#idle.values()].flat();
    this.#idle.clear();
    for (const connection of connections) connection.destroy();
  }

  #take(origin: string): SocketConnection | undefined {
    const waiting = this.#idle.get(origin) ?? [];
    for (;;) {
      const connection = waiting.pop();
      if (connection === undefined || connection.isOpen) return connection;
    }
  }

  async #connect(url: URL): Promise<SocketConnection> {
    if (url.protocol !== 'https:') return new SocketConnection(url, undefined);
    const { origin } = url;
    const tls: TlsOptions = {
      secureContext: await this.#secureContext(),
      session: this.#sessions.get(origin),
      onSession: (session) => this.#sessions.set(origin, session),
    };
    return new SocketConnection(url, tls);
  }

  async #send(connection: SocketConnection, request: SocketRequest): Promise<SocketAnswer> {
    const { origin } = request.url;
    connection.onClose = undefined;
    try {
      const answer = await connection.get(request);
      if (this.#isClosed) connection.destroy();
      else if (connection.isOpen) this.#keep(connection, origin);
      return answer;
    } catch (error) {
      // The server may have refused the session.
      if (error instanceof NetworkError) this.#sessions.delete(origin);
      throw error;
    }
  }

  #keep(connection: SocketConnection, origin: string): void {
    const waiting = this.#idle.get(origin) ?? [];
    waiting.push(connection);
    this.#idle.set(origin, waiting);
    connection.onClose = () => {
      const index = waiting.indexOf(connection);
      if (index >= 0) waiting.splice(index, 1);
    };
  }
}
