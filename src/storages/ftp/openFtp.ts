import type { FTPContext } from 'basic-ftp';
import { once } from 'node:events';
import net from 'node:net';
import type { FtpAddress } from './ftpAddress.js';

/** The conversation with an FTP server, as far as reading a file needs it. */
export interface FtpSession {
  /** Bytes of the file; `undefined` when the server does not say. */
  size(): Promise<number | undefined>;
  /** Has the server send the file from a byte on, or from its first one when the server can do no better. */
  retrieve(from: number): Promise<{ start: number; chunks: AsyncIterable<Buffer> }>;
}

/**
 * Logs in to an FTP server. `stop` closes all connections.
 *
 * @param onReply - Told of the bytes of every reply.
 */
export async function openFtp(
  { host, port, user, password, path }: FtpAddress,
  stop: AbortSignal,
  onReply: (bytes: number) => void,
): Promise<FtpSession> {
  // Loaded here: few files are on FTP servers.
  const { Client } = await import('basic-ftp');
  stop.throwIfAborted();
  // No time limit of its own: it knows nothing of what holds up the bytes on our side.
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
      // A connection that is lost is not waited for on the other one.
      sent.end.catch((error: unknown) => source.destroy(error as Error));
      return { start: canRestart ? from : 0, chunks: chunksOf(source, sent.end) };
    },
  };
}

/** Connects to where the server offers the file. The host is always that of the server: it cannot send us elsewhere. */
async function openData(ftp: FTPContext, stop: AbortSignal): Promise<net.Socket> {
  const host = ftp.socket.remoteAddress;
  const port = await passivePort(ftp);
  const socket = net.connect({ host, port });
  // What goes wrong later reaches who reads from it.
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
  const [, high, low] = /\d+,\d+,\d+,\d+,(\d+),(\d+)/.exec(message) ?? [];
  return Number(high) * 256 + Number(low);
}

/** Has the server begin to send the file. `end` is fulfilled when it says that it has sent all of it. */
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
