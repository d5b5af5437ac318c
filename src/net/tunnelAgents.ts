import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { openTunnel, type TunnelOptions } from './openTunnel.js';

type Connected = (error: Error | null, stream: Duplex) => void;

/** Options of the agents of both schemes. */
export interface Tunnel extends TunnelOptions {
  proxy: URL;
}

/** Sends http requests through tunnels of a proxy. */
export class HttpTunnelAgent extends http.Agent {
  readonly #tunnel: Tunnel;

  constructor(options: http.AgentOptions, tunnel: Tunnel) {
    super(options);
    this.#tunnel = tunnel;
  }

  override createConnection(options: http.ClientRequestArgs, callback?: Connected): undefined {
    connect(this.#tunnel, options, (socket) => socket, callback);
  }
}

/** Sends https requests through tunnels of a proxy. */
export class HttpsTunnelAgent extends https.Agent {
  readonly #tunnel: Tunnel;

  constructor(options: https.AgentOptions, tunnel: Tunnel) {
    super(options);
    this.#tunnel = tunnel;
  }

  override createConnection(options: https.RequestOptions, callback?: Connected): undefined {
    const secure = (socket: Duplex): Duplex | null | undefined =>
      super.createConnection({ ...options, socket } as https.RequestOptions);
    connect(this.#tunnel, options, secure, callback);
  }
}

function connect(
  { proxy, ...options }: Tunnel,
  { host, port }: http.ClientRequestArgs,
  wrap: (socket: Duplex) => Duplex | null | undefined,
  callback: Connected | undefined,
): void {
  const fail = callback as ((error: Error) => void) | undefined;
  openTunnel(proxy, { host: host ?? '', port: Number(port) }, options)
    .then((socket) => {
      const stream = wrap(socket);
      if (stream !== null && stream !== undefined) callback?.(null, stream);
    })
    .catch((error: unknown) => fail?.(error as Error));
}
