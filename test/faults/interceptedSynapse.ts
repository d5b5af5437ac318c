import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';

/**
 * An embedded Synapse behind somebody who listens to all that is said, and may change it: what a client sends to it
 * and to its file store goes through here.
 */
export class InterceptedSynapse {
  readonly local: LocalSynapse;
  /** Bytes of files that went to clients. */
  down = 0;
  /** Bytes of files that came from clients. */
  up = 0;
  /** Called when bytes of a file have moved. */
  onMoved: (() => void) | undefined;
  /** Called with each request. */
  onRequest: ((request: IncomingMessage) => void) | undefined;
  /** Answers in the place of the server; false lets the server answer. */
  answer: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** Changes an answer of the API. */
  rewrite: ((path: string, body: unknown) => unknown) | undefined;
  /** Changes the text of a JSON answer of the API. */
  rewriteText: ((text: string, request: IncomingMessage) => string) | undefined;
  readonly #server: http.Server;
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #port: number;
  /** The last part that was asked for over each connection. */
  readonly #lastPart = new Map<Socket, number>();
  #unconfirmed = 0;

  private constructor(local: LocalSynapse, server: http.Server, port: number) {
    this.local = local;
    this.#server = server;
    this.#port = port;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#serve(request, response);
    });
  }

  static async start(): Promise<InterceptedSynapse> {
    const server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${portOf(server)}`;
    const local = await startLocalSynapse({ port, publicUrl, strict: true });
    return new InterceptedSynapse(local, server, port);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#agent.destroy();
    await this.local.close();
  }

  /** Forgets what has moved. */
  clear(): void {
    this.down = 0;
    this.up = 0;
    this.#lastPart.clear();
    this.#unconfirmed = 0;
  }

  /** Bytes of the parts that clients are, or were, at work on: what was asked for last over each connection. */
  get downInFlight(): number {
    return [...this.#lastPart.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Parts that were begun to be sent, and that Synapse was not told of yet. */
  get partsUnconfirmed(): number {
    return this.#unconfirmed;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { method, url: path = '', socket } = request;
    const isFile = path.startsWith('/storage/');
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (isFile) this.#lastPart.set(socket, Number(last ?? 0) + 1 - Number(first ?? 0));
    this.onRequest?.(request);
    if (this.answer?.(request, response) === true) return;
    const headers = { ...request.headers };
    // The connection to the client has agreed to it already.
    delete headers.expect;
    const passed = http.request({
      host: '127.0.0.1',
      port: this.#port,
      agent: this.#agent,
      method,
      path,
      headers,
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    if (isFile && method === 'PUT') {
      this.#unconfirmed += 1;
      request.on('data', (chunk: Buffer) => {
        this.up += chunk.length;
        this.onMoved?.();
      });
    }
    passed.on('response', (answer) => {
      if (isFile) this.#passFile(answer, response);
      else if (this.rewrite === undefined && this.rewriteText === undefined) pass(answer, response);
      else this.#passRewritten(request, answer, response).catch(() => response.destroy());
      if (/^\/file\/v1\/file\/multipart\/[^/]+\/add\//.test(path)) this.#unconfirmed -= 1;
    });
    request.pipe(passed);
  }

  #passFile(answer: IncomingMessage, response: ServerResponse): void {
    answer.on('data', (chunk: Buffer) => {
      this.down += chunk.length;
      this.onMoved?.();
    });
    pass(answer, response);
  }

  async #passRewritten(
    request: IncomingMessage,
    answer: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { statusCode = 500, headers } = answer;
    if (headers['content-type']?.includes('json') !== true) {
      pass(answer, response);
      return;
    }
    const text = await readText(answer);
    const changed = this.rewrite?.(request.url ?? '', JSON.parse(text) as unknown);
    const other = changed === undefined ? text : JSON.stringify(changed);
    const body = Buffer.from(this.rewriteText?.(other, request) ?? other);
    response.writeHead(statusCode, { ...headers, 'content-length': body.length }).end(body);
  }
}

function pass(answer: IncomingMessage, response: ServerResponse): void {
  answer.on('error', () => response.destroy());
  answer.on('close', () => {
    if (!answer.complete) response.destroy();
  });
  response.writeHead(answer.statusCode ?? 500, answer.headers);
  answer.pipe(response);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
