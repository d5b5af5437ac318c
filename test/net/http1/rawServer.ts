import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** How a server ends its answer: it keeps the connection, closes it, or resets it. */
export type Ending = 'keep' | 'close' | 'reset';

/** The bytes of an answer. */
export interface RawAnswer {
  /** Written one after the other, each in a packet of its own. In latin1. */
  pieces: readonly string[];
  /** @default 'keep' */
  ending?: Ending;
}

/** A server that answers each request with the bytes that a test sets. */
export class RawServer {
  /** By the number that is the path of the request. */
  answers: readonly RawAnswer[] = [];
  requests = 0;
  connections = 0;
  /** The last request, in latin1. */
  received = '';
  /** Whether to answer at the first bytes of a request. */
  answersEarly = false;
  readonly sockets = new Set<Socket>();
  readonly #server: Server = createServer((socket) => this.#serve(socket));

  static async start(): Promise<RawServer> {
    const server = new RawServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket);
    this.connections += 1;
    let received = '';
    socket.setNoDelay();
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!this.answersEarly && !isWhole(received)) return;
      this.received = received;
      const index = Number(/^[A-Z]+ \/(\d+)/.exec(received)?.[1] ?? 0);
      received = '';
      this.requests += 1;
      void send(socket, this.answers[index] ?? { pieces: [] });
    });
  }
}

function isWhole(request: string): boolean {
  const [head = '', ...bodies] = request.split('\r\n\r\n');
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  return bodies.length > 0 && bodies.join('\r\n\r\n').length === length;
}

async function send(socket: Socket, { pieces, ending = 'keep' }: RawAnswer): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    socket.write(piece, 'latin1');
    // The next one goes in another packet.
    await new Promise((resolve) => setTimeout(resolve, pieces.length > 1 ? 2 : 0));
  }
  if (ending === 'close') socket.end();
  // What was sent before has to arrive first.
  if (ending === 'reset') setTimeout(() => socket.resetAndDestroy(), 2);
}
