import { NetworkError } from '../../errors.js';
import { SocketConnection, type SocketAnswer, type SocketRequest } from './socketConnection.js';

/** Connections that wait for their next request. */
export class SocketPool {
  readonly #idle = new Map<string, SocketConnection[]>();
  readonly #certificates: () => Promise<string[] | undefined>;

  constructor(certificates: () => Promise<string[] | undefined>) {
    this.#certificates = certificates;
  }

  /** Sends a request over a free connection, or a new one. */
  async get(request: SocketRequest): Promise<SocketAnswer> {
    const { origin } = request.url;
    const idle = this.#take(origin);
    if (idle !== undefined) {
      const seen = { head: false };
      const watched: SocketRequest = {
        ...request,
        head: (head) => {
          seen.head = true;
          return request.head(head);
        },
      };
      try {
        return await this.#send(idle, watched);
      } catch (error) {
        // The server closed the connection just when it was to be used again: no failure of its own.
        if (seen.head || !(error instanceof NetworkError)) throw error;
      }
    }
    const ca = request.url.protocol === 'https:' ? await this.#certificates() : undefined;
    return this.#send(new SocketConnection(request.url, ca), request);
  }

  close(): void {
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

  async #send(connection: SocketConnection, request: SocketRequest): Promise<SocketAnswer> {
    const { origin } = request.url;
    connection.onClose = undefined;
    const answer = await connection.get(request);
    if (connection.isOpen) {
      const waiting = this.#idle.get(origin) ?? [];
      waiting.push(connection);
      this.#idle.set(origin, waiting);
      connection.onClose = () => {
        const index = waiting.indexOf(connection);
        if (index >= 0) waiting.splice(index, 1);
      };
    }
    return answer;
  }
}
