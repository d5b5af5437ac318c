import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { bareHost } from '../proxyFor.js';
import { formatRequest } from './formatRequest.js';
import { ReadBuffer } from './readBuffer.js';
import { ResponseReader, type SocketAnswer, type SocketRequest } from './responseReader.js';

/** With less free space than this, the next read gets a new buffer. */
const leastSpace = 16 * 1024;

/** Shared by the TLS connections to one host. */
export interface TlsOptions {
  secureContext: SecureContext;
  /** A session to resume, which avoids most of the handshake. */
  session: Buffer | undefined;
  onSession: (session: Buffer) => void;
}

/** One connection to a server. Responses are read directly into reused buffers, see README.md. */
export class SocketConnection {
  /** Called when the connection can no longer be used. */
  onClose: (() => void) | undefined;
  readonly #socket: Socket;
  #buffer = new ReadBuffer();
  #reader: ResponseReader | undefined;

  /** @param tls for an https URL */
  constructor(origin: URL, tls: TlsOptions | undefined) {
    const host = bareHost(origin.hostname);
    const options = {
      host,
      port: Number(origin.port || (tls === undefined ? 80 : 443)),
      noDelay: true,
      keepAlive: true,
      onread: {
        buffer: () => this.#buffer.space,
        callback: (length: number) => this.#read(length),
      },
    };
    if (tls === undefined) {
      this.#socket = connect(options);
    } else {
      const { secureContext, session, onSession } = tls;
      const servername = isIP(host) === 0 ? host : '';
      const ALPNProtocols = ['http/1.1'];
      this.#socket = connectTls({ ...options, servername, ALPNProtocols, secureContext, session });
      this.#socket.on('session', onSession);
    }
    this.#socket.on('error', (error) => this.#reader?.fail(error));
    this.#socket.on('end', () => this.destroy());
    this.#socket.on('close', () => {
      this.#reader?.fail(Object.assign(new Error('closed early'), { code: 'ECONNRESET' }));
      this.#buffer.release();
      this.onClose?.();
    });
  }

  /**
   * Sends a request and reads its response.
   * @throws UnsupportedAnswerError when `node:http` has to read the response; NetworkError, TimeoutError; `signal.reason`;
   * errors of `head` and `data`
   */
  async get(request: SocketRequest): Promise<SocketAnswer> {
    try {
      const text = formatRequest(request.url, request.headers);
      request.signal?.throwIfAborted();
      this.#socket.ref();
      this.#reader = new ResponseReader(request, this.#socket);
      this.#socket.write(text, 'latin1');
      const answer = await this.#reader.answer;
      if (!answer.isReusable) this.destroy();
      return answer;
    } catch (error) {
      this.destroy();
      throw error;
    } finally {
      this.#reader = undefined;
      this.#socket.unref();
    }
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** @returns false to pause reading */
  #read(length: number): boolean {
    const piece = this.#buffer.fill(length);
    const goesOn = this.#reader?.accept(piece, this.#buffer) ?? false;
    // Bytes without a request: the server does not follow HTTP/1.1.
    if (this.#reader === undefined) this.destroy();
    if (this.#buffer.space.length < leastSpace) {
      this.#buffer.release();
      this.#buffer = new ReadBuffer();
    }
    return goesOn;
  }
}
