import net from 'node:net';
import { NetworkError, SynapseError, SynapseHttpError, TimeoutError } from '../../errors.js';
import { ftpAddress } from './ftpAddress.js';
import { FtpSession } from './ftpSession.js';
import { StallWatch } from '../../net/stallWatch.js';
import { storageNetworkError } from '../../net/storageError.js';

/** What to read from an FTP server. */
export interface FtpRead {
  url: URL;
  range: { start: number; end?: number | undefined } | undefined;
  /** Milliseconds. */
  stallTimeout: number;
  signal: AbortSignal | undefined;
  /** Looks at what an HTTP server would have answered. */
  head: (head: { status: number; headers: Record<string, string> }) => void;
  data: (chunk: Buffer) => Promise<unknown> | undefined;
}

/**
 * Reads a file, or a part of it, over a connection of its own. A range from the start is answered as by a server that
 * has no ranges (200): FTP servers take few connections, so no file is fetched in parts.
 * @throws NetworkError, TimeoutError when trying again may help
 * @throws SynapseError when the server refuses the login or the file
 */
export async function readFtp(read: FtpRead): Promise<void> {
  const { url, signal } = read;
  const address = ftpAddress(url);
  signal?.throwIfAborted();
  const sockets: net.Socket[] = [];
  // What the sink throws can look the same.
  const failures = new Set<unknown>();
  const stop = (reason: Error): void => sockets.forEach((socket) => socket.destroy(reason));
  const open = (host: string, port: number): net.Socket => {
    const socket = net.connect({ host, port });
    socket.on('error', (error) => failures.add(error));
    sockets.push(socket);
    return socket;
  };
  const watch = new StallWatch(read.stallTimeout, () =>
    stop(new TimeoutError(`No bytes moved from ${url.host} for ${read.stallTimeout} ms.`)),
  );
  const onAbort = (): void => stop(signal?.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const session = new FtpSession(address, open(address.host, address.port), (bytes) =>
      watch.moved(bytes),
    );
    await session.login();
    await receive(read, { session, open, watch });
  } catch (error) {
    signal?.throwIfAborted();
    throw failures.has(error) && !(error instanceof SynapseError)
      ? storageNetworkError(url.href, error)
      : error;
  } finally {
    watch.stop();
    signal?.removeEventListener('abort', onAbort);
    for (const socket of sockets) socket.destroy();
  }
}

interface Connection {
  session: FtpSession;
  open: (host: string, port: number) => net.Socket;
  watch: StallWatch;
}

async function receive(read: FtpRead, { session, open, watch }: Connection): Promise<void> {
  const { start: wanted = 0, end } = read.range ?? {};
  const size = await session.size();
  if (size !== undefined && wanted > 0 && wanted >= size) throw pastEnd(read.url);
  const { host, port } = await session.passivePort();
  const source = open(host, port);
  const start = wanted > 0 && (await session.startAt(wanted)) ? wanted : 0;
  await session.retrieve();
  read.head(headOf(start, size));
  let missing = end === undefined ? Number.POSITIVE_INFINITY : end - start;
  let received = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    watch.moved(chunk.length);
    received += chunk.length;
    const hold = read.data(chunk.subarray(0, missing));
    missing -= chunk.length;
    if (hold !== undefined) await watch.holdFor(hold);
    if (missing <= 0) return;
  }
  await session.finish();
  if (size !== undefined && start + received !== size) {
    throw new NetworkError(
      `The FTP server ${read.url.host} sent ${received} bytes of ${size - start}.`,
    );
  }
}

function headOf(start: number, size: number | undefined): Parameters<FtpRead['head']>[0] {
  if (start === 0) {
    return { status: 200, headers: size === undefined ? {} : { 'content-length': String(size) } };
  }
  const range =
    size === undefined ? `bytes ${start}-${start}/*` : `bytes ${start}-${size - 1}/${size}`;
  return { status: 206, headers: { 'content-range': range } };
}

function pastEnd(url: URL): SynapseHttpError {
  return new SynapseHttpError(`The file on ${url.host} has fewer bytes.`, {
    status: 416,
    reason: 'The range begins after the end of the file.',
    method: 'GET',
    url: url.href,
    code: 'STORAGE',
  });
}
