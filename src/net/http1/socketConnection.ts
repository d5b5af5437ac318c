import { connect, isIP, type Socket } from 'node:net';
import type { connect as connectTls, SecureContext } from 'node:tls';
import { bareHost } from '../proxyFor.js';
import { ReadBuffer } from './readBuffer.js';
import { Replay } from './replay.js';
import type { ResponseHead } from './responseHead.js';
import {
  ConnectionError,
  ResponseReader,
  UnsupportedAnswerError,
  type SocketAnswer,
  type SocketRequest,
} from './responseReader.js';

/** With less free space than this, the next read gets a new buffer. */
const leastSpace = 16 * 1024;

/** Shared by the TLS connections to one host. */
export interface TlsOptions {
  /** Of `node:tls`, which is loaded for the first connection over TLS. */
  connect: typeof connectTls;
  secureContext: SecureContext;
  /** A session to resume, which avoids most of the handshake. */
  session: Buffer | undefined;
  onSession: (session: Buffer) => void;
}

/** What the owner of a connection is told. */
export interface ConnectionEvents {
  /** The response was read, and the connection can be used again. */
  onIdle: (connection: SocketConnection, head: ResponseHead) => void;
  /** The connection failed during a request. */
  onFailure: () => void;
}

/** One connection to a server. Responses are read directly into reused buffers, see README.md. */
export class SocketConnection {
  readonly #socket: Socket;
  readonly #events: ConnectionEvents;
  #buffer = new ReadBuffer();
  #reader: ResponseReader | Replay | undefined;

  /** @param tls for an https URL */
  constructor(origin: URL, tls: TlsOptions | undefined, events: ConnectionEvents) {
    this.#events = events;
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
      this.#socket = tls.connect({ ...options, servername, ALPNProtocols, secureContext, session });
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
  send(request: SocketRequest): Promise<SocketAnswer> {
    const socket = this.#socket;
    socket.ref();
    return new Promise((resolve, reject) => {
      let isWritten = false;
      const reader = new ResponseReader(request, socket, {
        resolve: (answer) => {
          this.#reader = undefined;
          // After a response before the end of the request, the connection cannot be reused.
          if (isWritten && answer.isReusable && socket.writableLength === 0) this.#rest(answer);
          else this.destroy();
          resolve(answer);
        },
        reject: (error) => {
          this.#abandon(request, error);
          reject(error);
        },
      });
      if (reader.hasEnded) return;
      this.#reader = reader;
      const written = request.write(socket, reader.watch);
      if (written === undefined) isWritten = true;
      else {
        written.then(
          () => (isWritten = true),
          (error: unknown) => reader.reject(error as Error),
        );
      }
    });
  }

  #rest({ head }: SocketAnswer): void {
    this.#socket.unref();
    this.#events.onIdle(this, head);
  }

  #abandon({ sink }: SocketRequest, error: Error): void {
    if (error instanceof UnsupportedAnswerError && sink === undefined) {
      this.#reader = error.replay = new Replay(error.received, this.#socket);
      return;
    }
    this.#reader = undefined;
    this.destroy();
    if (error instanceof ConnectionError) this.#events.onFailure();
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
    const goesOn = this.#reader?.accept(piece, this.#buffer) ?? this.#refuse();
    if (this.#buffer.space.length < leastSpace) {
      this.#buffer.release();
      this.#buffer = new ReadBuffer();
    }
    return goesOn;
  }

  /** Bytes without a request: the server does not follow HTTP/1.1. */
  #refuse(): false {
    this.destroy();
    return false;
  }
}
