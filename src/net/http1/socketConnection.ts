import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { bareHost } from '../proxyFor.js';
import { ReadBuffer } from './readBuffer.js';
import { Replay } from './replay.js';
import {
  ResponseReader,
  UnsupportedAnswerError,
  type SocketAnswer,
  type SocketRequest,
} from './responseReader.js';

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
  readonly #socket: Socket;
  #buffer = new ReadBuffer();
  #reader: ResponseReader | Replay | undefined;

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
      this.#reader?.finish();
      this.#buffer.release();
    });
  }

  /**
   * Sends a request and reads its response.
   * @throws UnsupportedAnswerError when `node:http` has to read the response; ConnectionError, TimeoutError; the reason of
   * the abort; errors of `write` and of the sink
   */
  async send(request: SocketRequest): Promise<SocketAnswer> {
    const socket = this.#socket;
    socket.ref();
    const reader = new ResponseReader(request, socket);
    this.#reader = reader;
    try {
      let isWritten = true;
      const written = reader.hasEnded ? undefined : request.write(socket, reader.watch);
      if (written !== undefined) {
        isWritten = false;
        written.then(
          () => (isWritten = true),
          (error: unknown) => reader.reject(error as Error),
        );
      }
      const answer = await reader.answer;
      this.#reader = undefined;
      if (answer.isReusable && isWritten && socket.writableLength === 0) socket.unref();
      else this.destroy();
      return answer;
    } catch (error) {
      if (error instanceof UnsupportedAnswerError && request.sink === undefined) {
        this.#reader = error.replay = new Replay(error.received, socket);
      } else {
        this.#reader = undefined;
        this.destroy();
      }
      throw error;
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
