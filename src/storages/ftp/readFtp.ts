import { NetworkError, SynapseHttpError, TimeoutError } from '../../errors.js';
import { onAbort } from '../../net/onAbort.js';
import { StallWatch } from '../../net/stallWatch.js';
import { ftpAddress } from './ftpAddress.js';
import { ftpError } from './ftpError.js';
import { openFtp, type FtpSession } from './openFtp.js';

/** What to read from an FTP server. */
export interface FtpRead {
  url: URL;
  range: { start: number; end?: number | undefined } | undefined;
  /** Milliseconds. */
  stallTimeout: number;
  signal: AbortSignal | undefined;
  /** Called with the head of the equivalent HTTP response. */
  head: (head: { status: number; headers: Record<string, string> }) => void;
  data: (chunk: Buffer) => Promise<unknown> | undefined;
}

/**
 * Reads a file, or a part of it, over a separate connection. A range from the start gets the response of a server that
 * does not support ranges (200), because FTP servers allow few connections and files are not fetched in parts.
 * @throws NetworkError, TimeoutError when trying again may help
 * @throws SynapseError when the server refuses the login or the file
 */
export async function readFtp(read: FtpRead): Promise<void> {
  const { url, signal, stallTimeout } = read;
  const address = ftpAddress(url);
  signal?.throwIfAborted();
  const stop = new AbortController();
  const ignoreAbort = onAbort(signal, () => stop.abort(signal?.reason));
  const watch = new StallWatch(stallTimeout, () =>
    stop.abort(new TimeoutError(`No bytes moved from ${url.host} for ${stallTimeout} ms.`)),
  );
  // Errors thrown by the reader are passed on unchanged.
  let isReading = false;
  try {
    const session = await openFtp(address, stop.signal, (bytes) => watch.moved(bytes));
    const { start, size, chunks } = await begin(read, session);
    isReading = true;
    read.head(headOf(start, size));
    let missing = (read.range?.end ?? Number.POSITIVE_INFINITY) - start;
    let received = 0;
    isReading = false;
    for await (const chunk of chunks) {
      isReading = true;
      watch.moved(chunk.length);
      received += chunk.length;
      const hold = read.data(chunk.subarray(0, missing));
      missing -= chunk.length;
      if (hold !== undefined) await watch.holdFor(hold);
      if (missing <= 0) return;
      isReading = false;
    }
    if (size !== undefined && start + received !== size) {
      throw new NetworkError(
        `The FTP server ${url.host} sent ${received} bytes of ${size - start}.`,
      );
    }
  } catch (error) {
    signal?.throwIfAborted();
    stop.signal.throwIfAborted();
    throw isReading ? error : ftpError(address, error);
  } finally {
    watch.stop();
    ignoreAbort();
    stop.abort();
  }
}

interface FtpContent {
  /** The position of the first byte that the server sends. */
  start: number;
  /** Bytes of the whole file; `undefined` when the server does not report the size. */
  size: number | undefined;
  chunks: AsyncIterable<Buffer>;
}

/** Starts to read the file at the first byte of the range, or at its first byte when the server cannot do that. */
async function begin({ url, range }: FtpRead, session: FtpSession): Promise<FtpContent> {
  const wanted = range?.start ?? 0;
  const size = await session.size();
  if (size !== undefined && wanted > 0 && wanted >= size) {
    throw new SynapseHttpError(`The file on ${url.host} has fewer bytes.`, {
      status: 416,
      reason: 'The range begins after the end of the file.',
      method: 'GET',
      url: url.href,
      code: 'STORAGE',
    });
  }
  return { size, ...(await session.retrieve(wanted)) };
}

function headOf(start: number, size: number | undefined): Parameters<FtpRead['head']>[0] {
  if (start === 0) {
    return { status: 200, headers: size === undefined ? {} : { 'content-length': String(size) } };
  }
  const range =
    size === undefined ? `bytes ${start}-${start}/*` : `bytes ${start}-${size - 1}/${size}`;
  return { status: 206, headers: { 'content-range': range } };
}
