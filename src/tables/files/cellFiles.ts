import { resolve } from 'node:path';
import { stat } from 'node:fs/promises';
import type { Context } from '../../context.js';
import type { StoredColumn } from '../../columns/columnModel.js';
import { fileSystemError } from '../../errors.js';
import { uploadFileHandle } from '../../fileHandles/uploadFileHandle.js';
import { checkRegularFile } from '../../files/regularFile.js';
import type { CommonOptions } from '../../options.js';
import { runPool } from '../../transfer/pool.js';
import { cellWriter, CellValueError, type CellWriter } from '../cells/writeCell.js';

/** A local file to put into a cell of a FILEHANDLEID column. It is uploaded when the row is written. */
export interface CellFile {
  /** The path of the file. */
  path: string;
  /** The name of the file in Synapse. @default the last part of the path */
  fileName?: string;
  /** Media type. @default guessed from the file name */
  contentType?: string;
  /** A storage location that Synapse can write to. @default the storage of Synapse */
  storageLocationId?: number | string;
}

/** Files to upload at the same time. */
const uploadsAtOnce = 8;

/** A file of cells, and the first cell that has it. */
interface Collected {
  file: CellFile;
  row: number;
  column: string;
  handleId?: string;
}

/**
 * The local files in cells. While rows are read, each file is replaced by a mark; after all rows have been checked, the files are
 * uploaded, and the marks are replaced by the ids of their file handles. A file in several cells is uploaded once.
 */
export class CellFiles {
  readonly #files: Collected[] = [];
  readonly #indexes = new Map<string, number>();

  get size(): number {
    return this.#files.length;
  }

  /** Adds the file of a cell. @returns its mark */
  add(file: CellFile, row: number, column: string): string {
    const { fileName, contentType, storageLocationId } = file;
    const key = JSON.stringify([resolve(file.path), fileName, contentType, storageLocationId]);
    let index = this.#indexes.get(key);
    if (index === undefined) {
      index = this.#files.push({ file, row, column }) - 1;
      this.#indexes.set(key, index);
    }
    return `${mark}file:${index}${mark}`;
  }

  /** Checks that all files can be uploaded. @throws {@link CellValueError} for a file that is missing or empty */
  async check(signal?: AbortSignal): Promise<void> {
    for (const collected of this.#files) {
      signal?.throwIfAborted();
      if (collected.handleId === undefined) await checkFile(collected);
    }
  }

  /**
   * Checks that all files can be uploaded, and uploads them.
   *
   * @throws {@link CellValueError} for a file that is missing or empty; nothing has been sent then.
   */
  async upload(ctx: Context, { signal, onProgress }: CommonOptions = {}): Promise<void> {
    await this.check(signal);
    await runPool(this.#files, { limit: uploadsAtOnce, signal }, async (collected, own) => {
      if (collected.handleId !== undefined) return;
      const { path, ...options } = collected.file;
      const handle = await uploadFileHandle(ctx, path, { ...options, signal: own, onProgress });
      collected.handleId = handle.id;
    });
  }

  /** A text with the ids of the files instead of their marks. After {@link upload}. */
  resolve(text: string): string {
    if (!text.includes(mark)) return text;
    return text.replace(marks, (_, index: string) => this.#files[Number(index)]?.handleId ?? '');
  }

  /** The bytes of a text with the ids of the files instead of their marks. */
  async *resolveBytes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let rest = Buffer.alloc(0);
    for await (const chunk of chunks) {
      const bytes = Buffer.concat([rest, chunk]);
      const end = lastComplete(bytes);
      rest = bytes.subarray(end);
      // Latin 1 keeps every byte.
      yield Buffer.from(this.resolve(bytes.toString('latin1', 0, end)), 'latin1');
    }
    if (rest.length > 0) yield Buffer.from(this.resolve(rest.toString('latin1')), 'latin1');
  }
}

/** Begins and ends a mark. No value of a table can contain it. */
const mark = '\0';
const marks = /\0file:(\d+)\0/g;

/** Where a mark begins that is not complete, or the end. Chunks begin outside of marks, so the last of an odd number is open. */
function lastComplete(bytes: Buffer): number {
  let last = bytes.length;
  let isOpen = false;
  for (let index = bytes.indexOf(0); index >= 0; index = bytes.indexOf(0, index + 1)) {
    isOpen = !isOpen;
    last = index;
  }
  return isOpen ? last : bytes.length;
}

async function checkFile({ file, row, column }: Collected): Promise<void> {
  try {
    const info = await stat(file.path);
    checkRegularFile(file.path, info);
    if (info.size > 0) return;
  } catch (cause) {
    const { message } = fileSystemError('Cannot read', file.path, cause);
    const reason = `cannot be uploaded: ${message.replace(/\.$/, '')}`;
    throw new CellValueError({ row, column, value: file.path, reason });
  }
  const reason = 'cannot be uploaded: it is empty, and Synapse does not accept empty files';
  throw new CellValueError({ row, column, value: file.path, reason });
}

/** Whether a value is a {@link CellFile}, and not a file handle, which has an id. */
export function isCellFile(value: unknown): value is CellFile {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    typeof value.path === 'string' &&
    !('id' in value)
  );
}

/** The writer of a column, which also takes a {@link CellFile} where the column holds files. */
export function fileCellWriter(column: StoredColumn, files: CellFiles | undefined): CellWriter {
  const write = cellWriter(column);
  if (files === undefined || column.columnType !== 'FILEHANDLEID') return write;
  return (value, row) =>
    isCellFile(value) ? files.add(value, row, column.name) : write(value, row);
}
