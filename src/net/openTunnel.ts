import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { connect, isIP, isIPv6, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { systemCode } from '../errors.js';
import { basicAuthorization, credentialsOf } from './credentials.js';
import { isTlsCode } from './faults.js';
import { onAbort } from './onAbort.js';
import { ProxyError } from './proxyError.js';
import { bareHost } from './proxyFor.js';

/** Milliseconds for a proxy to connect to the host. */
const tunnelTimeout = 30_000;

/** Responses of a proxy that may be different on a retry. */
const passingStatuses = new Set([429, 502, 503, 504]);

/** Versions of SOCKS, and whether the proxy looks up the name of the host. */
const socksKinds: Readonly<Record<string, { type: 4 | 5; looksUp: boolean } | undefined>> = {
  'socks:': { type: 5, looksUp: true },
  'socks4:': { type: 4, looksUp: false },
  'socks4a:': { type: 4, looksUp: true },
  'socks5:': { type: 5, looksUp: false },
  'socks5h:': { type: 5, looksUp: true },
};

/** The destination of a tunnel. */
export interface Destination {
  /** Without brackets. */
  host: string;
  port: number;
}

export interface TunnelOptions {
  /** Trusted certificates for a proxy with TLS. */
  secureContext: SecureContext | undefined;
  signal: AbortSignal;
}

/**
 * Opens a connection to a host through a proxy.
 * @throws ProxyError
 */
export async function openTunnel(
  proxy: URL,
  to: Destination,
  options: TunnelOptions,
): Promise<Socket> {
  try {
    const socks = socksKinds[proxy.protocol];
    return socks === undefined
      ? await connectOverHttp(proxy, to, options)
      : await connectOverSocks(proxy, to, { ...socks, ...options });
  } catch (cause) {
    if (cause instanceof ProxyError) throw cause;
    const code = systemCode(cause) ?? 'PROXY_FAILED';
    throw new ProxyError(proxy, { code, isPermanent: isTlsCode(code), cause });
  }
}

function connectOverHttp(
  proxy: URL,
  { host, port }: Destination,
  { secureContext, signal }: TunnelOptions,
): Promise<Socket> {
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const proxyHost = bareHost(proxy.hostname);
  // Otherwise Node.js takes it from the host header, which names the destination.
  const servername = isIP(proxyHost) === 0 ? proxyHost : '';
  const authorization = basicAuthorization(proxy);
  const options: https.RequestOptions = {
    method: 'CONNECT',
    host: proxyHost,
    port: proxy.port,
    path: authority,
    headers: { host: authority, ...(authorization && { 'proxy-authorization': authorization }) },
    setHost: false,
    timeout: tunnelTimeout,
  };
  return new Promise((resolve, reject) => {
    const request =
      proxy.protocol === 'https:'
        ? https.request({ ...options, agent: new https.Agent({ secureContext, servername }) })
        : http.request({ ...options, agent: false });
    const stop = onAbort(signal, () => request.destroy());
    request.once('timeout', () => request.destroy(timedOut()));
    request.once('close', stop);
    request.once('error', reject);
    request.once('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      stop();
      socket.setTimeout(0);
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        const isPermanent = !passingStatuses.has(statusCode);
        reject(new ProxyError(proxy, { code: `PROXY_${statusCode}`, isPermanent }));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.end();
  });
}

async function connectOverSocks(
  proxy: URL,
  { host, port }: Destination,
  options: { type: 4 | 5; looksUp: boolean; signal: AbortSignal },
): Promise<Socket> {
  const { type, looksUp, signal } = options;
  const credentials = credentialsOf(proxy);
  const { SocksClient } = await import('socks');
  const address = looksUp ? host : (await dns.promises.lookup(host, type === 4 ? 4 : 0)).address;
  const proxyHost = bareHost(proxy.hostname);
  const proxyPort = Number(proxy.port || 1080);
  const socket = await connectTcp(proxyHost, proxyPort, signal);
  const stop = onAbort(signal, () => socket.destroy());
  try {
    await SocksClient.createConnection({
      proxy: {
        host: proxyHost,
        port: proxyPort,
        type,
        userId: credentials?.username,
        password: credentials?.password,
      },
      command: 'connect',
      destination: { host: address, port },
      existing_socket: socket,
      timeout: tunnelTimeout,
    });
    return socket;
  } catch (cause) {
    socket.destroy();
    // Not kept as the cause, because it contains the password.
    const { message } = cause as Error;
    const isPermanent = /authenticat/i.test(message);
    const code = isPermanent ? 'PROXY_AUTHENTICATION' : 'PROXY_REFUSED';
    throw new ProxyError(proxy, { code, isPermanent });
  } finally {
    stop();
  }
}

function connectTcp(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const stop = onAbort(signal, () => socket.destroy());
    socket.setTimeout(tunnelTimeout, () => socket.destroy(timedOut()));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
    socket.once('connect', () => {
      stop();
      socket.setTimeout(0);
      socket.removeAllListeners();
      resolve(socket);
    });
  });
}

function timedOut(): Error {
  return Object.assign(new Error('No response in time.'), {
    code: 'ETIMEDOUT',
    syscall: 'connect',
  });
}
