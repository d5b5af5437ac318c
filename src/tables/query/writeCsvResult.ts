import { mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import type { Context } from '../../context.js';
import { fileSystemError } from '../../errors.js';
import { placeFile, prepareDestination } from '../../files/placeFile.js';
import type { CommonOptions } from '../../options.js';
import { downloadFile } from '../../transfer/downloadFile.js';
import { downloadStream } from '../../transfer/downloadStream.js';
import type { CsvDialect } from '../csv/csvDialect.js';
import { startCsvResult, type StoredCsv } from './csvResult.js';
import { withQueryErrors } from './queryError.js';
import type { QueryJobOptions } from './queryOptions.js';
import type { QueryRequest } from './queryRequest.js';
import { openDevice, writeOutput } from './writeOutput.js';

/** How a result is written as CSV. */
export interface ToCsvOptions extends CsvDialect, CommonOptions {
  /** Whether the first row has the names of the columns. @default true */
  header?: boolean;
  /** Whether rows begin with ROW_ID and ROW_VERSION, where they have them. @default true */
  references?: boolean;
  /** Whether to replace an existing file. @default false */
  overwrite?: boolean;
}

/**
 * Writes the result of a query as CSV: the bytes that Synapse has written. They are compared with their MD5.
 *
 * @returns The path of the file; `undefined` for a stream.
 */
export async function writeCsvResult(
  ctx: Context,
  request: QueryRequest,
  target: string | Writable,
  options: ToCsvOptions & QueryJobOptions,
): Promise<string | undefined> {
  const { header, references, overwrite = false, signal, onProgress, timeout } = options;
  const { separator, quote, escape, lineEnd, stallTimeout } = options;
  const dialect = { separator, quote, escape, lineEnd };
  const job = { signal, onProgress, timeout, stallTimeout };
  const start = () =>
    withQueryErrors(request, () =>
      startCsvResult(ctx, request, { ...job, dialect, header, references }),
    );
  const device = typeof target === 'string' ? await openDevice(resolve(target)) : undefined;
  if (typeof target === 'string' && device === undefined) {
    const path = resolve(target);
    await prepareDestination(path, overwrite);
    return downloadCsv(ctx, { path, stored: await start(), overwrite, signal, onProgress });
  }
  const { open } = await start();
  const bytes = await downloadStream(ctx, { open, signal, onProgress });
  await writeOutput(device ?? target, () => bytes, { signal });
  return typeof target === 'string' ? resolve(target) : undefined;
}

interface CsvDownload extends CommonOptions {
  path: string;
  stored: StoredCsv;
  overwrite: boolean;
}

/**
 * Downloads into a folder of its own next to the file. Synapse writes a new file for each query, so that parts of this one are
 * of no use after a failure.
 */
async function downloadCsv(
  ctx: Context,
  { path, stored, overwrite, signal, onProgress }: CsvDownload,
): Promise<string> {
  const folder = await mkdtemp(join(dirname(path), '.synapse-query-')).catch((cause: unknown) => {
    throw fileSystemError('Cannot write', path, cause);
  });
  try {
    const downloaded = await downloadFile(ctx, {
      open: stored.open,
      destination: join(folder, basename(path)),
      signal,
      onProgress: onProgress && ((progress) => onProgress({ ...progress, path })),
    });
    return await placeFile(downloaded.path, path, { overwrite });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
