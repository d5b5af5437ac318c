import type { FTPContext } from 'basic-ftp';
import { once } from 'node:events';
import net from 'node:net';
import type { FtpAddress } from './ftpAddress.js';

/** A logged-in connection to an FTP server. */
export interface FtpSession {
  /** Bytes of the file; `undefined` when the server does not report the size. */
  size(): Promise<number | undefined>;
  /** Starts to read the file at a byte, or at its first byte when the server cannot do that. */
  retrieve(from: number): Promise<{ start: number; chunks: AsyncIterable<Buffer> }>;
}

/**
 * Logs in to an FTP server. `stop` closes the connections.
 *
 * @param onReply - Called with the length of each reply, in bytes.
 */
export async function openFtp(
  { host, port, user, password, path }: FtpAddress,
  stop: AbortSignal,
  onReply: (bytes: number) => void,
): Promise<FtpSession> {
  // Loaded on use: few files are on FTP servers.
  const { Client } = await import('basic-ftp');
  stop.throwIfAborted();
  // 0: no time limit. The limit of the library also counts the time that the reader takes.
  const client = new Client(0);
  const { ftp } = client;
  stop.addEventListener('abort', () => ftp.closeWithError(stop.reason as Error), { once: true });
  const connected = client.connect(host, port);
  ftp.socket.on('data', (reply: string) => onReply(reply.length));
  await connected;
  await client.login(user, password);
  await client.send('TYPE I');
  return {
    size: async () => {
      const { code, message } = await client.sendIgnoringError(`SIZE ${path}`);
      const size = code === 213 ? Number(message.slice(4)) : Number.NaN;
      return Number.isSafeInteger(size) ? size : undefined;
    },
    retrieve: async (from) => {
      const source = await openData(ftp, stop);
      const canRestart = from > 0 && (await client.sendIgnoringError(`REST ${from}`)).code === 350;
      const sent = await retrieve(ftp, path);
      // When the control connection breaks, the data connection cannot be used.
      sent.end.catch((error: unknown) => source.destroy(error as Error));
      return { start: canRestart ? from : 0, chunks: chunksOf(source, sent.end) };
    },
  };
}

/** Opens the data connection. It always goes to the host of the server, so the server cannot direct it elsewhere. */
async function openData(ftp: FTPContext, stop: AbortSignal): Promise<net.Socket> {
  const host = ftp.socket.remoteAddress;
  const port = await passivePort(ftp);
  const socket = net.connect({ host, port });
  // Later errors reach the reader of the socket.
  socket.on('error', () => undefined);
  stop.addEventListener('abort', () => socket.destroy(), { once: true });
  await once(socket, 'connect', { signal: stop });
  return socket;
}

async function passivePort(ftp: FTPContext): Promise<number> {
  const extended = await ftp.request('EPSV').catch((error: unknown) => {
    if (ftp.closed) throw error;
    return undefined;
  });
  const port = /\(\|\|\|(\d+)\|\)/.exec(extended?.message ?? '')?.[1];
  if (port !== undefined) return Number(port);
  const { message } = await ftp.request('PASV');
  const [, high, low] = /\d{1,3},\d{1,3},\d{1,3},\d{1,3},(\d{1,3}),(\d{1,3})/.exec(message) ?? [];
  return Number(high) * 256 + Number(low);
}

/** Starts to receive the file. `end` resolves when the server confirms that it has sent all of it. */
function retrieve(ftp: FTPContext, path: string): Promise<{ end: Promise<unknown> }> {
  return new Promise((resolve, reject) => {
    const end: Promise<unknown> = ftp.handle(`RETR ${path}`, (reply, task) => {
      if (reply instanceof Error) task.reject(reply);
      else if (reply.code < 200) resolve({ end });
      else task.resolve(undefined);
    });
    end.then(() => resolve({ end }), reject);
  });
}

async function* chunksOf(source: net.Socket, end: Promise<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of source as AsyncIterable<Buffer>) yield chunk;
  await end;
}
