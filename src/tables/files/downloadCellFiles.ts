import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { ArgumentError } from '../../errors.js';
import { fileMd5 } from '../../files/fileMd5.js';
import { safeName } from '../../files/safeName.js';
import type { CommonOptions } from '../../options.js';
import { openAssociation } from '../../storages/openAssociation.js';
import { downloadFile } from '../../transfer/downloadFile.js';
import { splitExtension, uniquePath } from '../../transfer/collision.js';
import { PathClaims } from '../../transfer/pathClaims.js';
import { pool } from '../../transfer/pool.js';
import type { StoredObject } from '../../transfer/storedObject.js';
import { entityVersionOf, isSynapseId } from '../../values/ids.js';
import { quoted } from '../../values/quoted.js';
import { tableIdOfQuery } from '../../values/sql.js';
import { TableQuery } from '../query/tableQuery.js';
import { rowReference, type RowReference } from '../rows/rowReference.js';
import type { SqlFragment } from '../sql/sqlFragment.js';

/** How {@link Tables.downloadFiles} downloads. */
export interface DownloadCellFilesOptions extends CommonOptions {
  /** The folder for the files. It is created when it is missing. */
  directory: string;
  /** The columns with files. @default all columns of the type FILEHANDLEID that the query selects */
  columns?: readonly string[];
  /** Whether to replace files that exist and have another content. @default false: they are failures */
  overwrite?: boolean;
  /** Files to download at the same time. @default 16 */
  concurrency?: number;
}

/** The file of a cell, after its download. */
export interface DownloadedCellFile {
  /** The row of the cell. */
  row: RowReference;
  column: string;
  fileHandleId: string;
  /** `present`: the file was there, with the same content. */
  state: 'downloaded' | 'failed' | 'present';
  /** The path of the file, unless it failed. */
  path?: string;
  /** Why it failed. */
  error?: Error;
}

/** Files whose names are looked up together. */
const batchSize = 100;

/**
 * Implements {@link Tables.downloadFiles}.
 *
 * Files get their names in the order of the rows, so that the same query finds its files again.
 */
export async function* downloadCellFiles(
  ctx: Context,
  source: SqlFragment | string,
  { directory, columns, overwrite, concurrency = 16, signal, onProgress }: DownloadCellFilesOptions,
): AsyncGenerator<DownloadedCellFile, void, undefined> {
  const folder = resolve(directory);
  const claims = new PathClaims();
  const done = new Map<string, Promise<Fetched>>();
  const run = { ctx, folder, claims, overwrite, signal, onProgress };
  for await (const batch of batches(cellsOf(ctx, source, columns, signal))) {
    const opened = await openAll(run, batch, done);
    const fetchOne = ({ cell, file }: Opened): Promise<DownloadedCellFile> => {
      const { association, ...rest } = cell;
      const { fileHandleId } = association;
      let fetched = done.get(fileHandleId);
      if (fetched === undefined) done.set(fileHandleId, (fetched = fetchFile(run, file)));
      return fetched.then((result) => ({ ...rest, fileHandleId, ...result }));
    };
    yield* pool(opened, { limit: concurrency, signal }, fetchOne);
  }
}

interface Run extends CommonOptions {
  ctx: Context;
  folder: string;
  claims: PathClaims;
  overwrite: boolean | undefined;
}

type Fetched = Pick<DownloadedCellFile, 'error' | 'path' | 'state'>;

/** A cell with a file, and the object that gives access to it. */
interface FileCell {
  row: RowReference;
  column: string;
  association: Required<M.FileHandleAssociation>;
}

/** A file with the path that it gets, or why it has none. */
type OpenFile =
  | { object: StoredObject; destination: string; error?: undefined }
  | { error: Error; object?: undefined };

interface Opened {
  cell: FileCell;
  file: OpenFile;
}

async function* cellsOf(
  ctx: Context,
  source: SqlFragment | string,
  wanted: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<FileCell> {
  const sql = isSynapseId(source) ? `SELECT * FROM ${tableOf(source)}` : source;
  const query = new TableQuery(ctx, sql, { signal });
  const tableId = tableIdOfQuery(query.sql);
  const { columns, rows, close } = await query.open();
  let names: string[];
  try {
    names = fileColumns(columns, wanted);
  } catch (error) {
    close();
    throw error;
  }
  for await (const row of rows) {
    const reference = rowReference(row) ?? {};
    for (const column of names) {
      const fileHandleId = row[column];
      if (typeof fileHandleId !== 'string') continue;
      yield {
        row: reference,
        column,
        association: associationOf(tableId, reference, fileHandleId),
      };
    }
  }
}

function tableOf(id: string): string {
  const { id: plain, version } = entityVersionOf(id.trim());
  return version === undefined ? plain : `${plain}.${version}`;
}

/** @throws {@link ArgumentError} for a column that is not selected, or holds no files */
function fileColumns(
  columns: readonly M.SelectColumn[],
  wanted: readonly string[] | undefined,
): string[] {
  const files = columns.flatMap(({ name, columnType }) =>
    columnType === 'FILEHANDLEID' && name !== undefined ? [name] : [],
  );
  const missing = wanted?.find((name) => !files.includes(name));
  if (missing !== undefined || files.length === 0) {
    const has = files.length === 0 ? 'none' : files.map((name) => quoted(name)).join(', ');
    const what = missing === undefined ? '' : ` ${quoted(missing)} is none of them.`;
    throw new ArgumentError(
      `The columns with files (FILEHANDLEID) that the query selects: ${has}.${what}`,
    );
  }
  return wanted === undefined ? files : [...wanted];
}

/** The rows of a view are entities, which have etags; their files belong to the entities. */
function associationOf(
  tableId: string,
  { rowId, etag }: RowReference,
  fileHandleId: string,
): Required<M.FileHandleAssociation> {
  return etag !== undefined && rowId !== undefined
    ? { fileHandleId, associateObjectId: `syn${rowId}`, associateObjectType: 'FileEntity' }
    : { fileHandleId, associateObjectId: tableId, associateObjectType: 'TableEntity' };
}

/** Opens the files of a batch together, with one request, and gives them their paths one after the other. */
async function openAll(
  { ctx, folder, claims, signal }: Run,
  cells: readonly FileCell[],
  done: ReadonlyMap<string, unknown>,
): Promise<Opened[]> {
  const objects = new Map<string, Promise<Error | StoredObject>>();
  for (const { association } of cells) {
    const { fileHandleId } = association;
    if (done.has(fileHandleId) || objects.has(fileHandleId)) continue;
    const opening = openAssociation(ctx, association, { signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      return error as Error;
    });
    objects.set(fileHandleId, opening);
  }
  const opened: Opened[] = [];
  const files = new Map<string, OpenFile>();
  for (const cell of cells) {
    const { fileHandleId } = cell.association;
    const object = await objects.get(fileHandleId);
    const file = files.get(fileHandleId) ?? (await place(object, { folder, claims, fileHandleId }));
    files.set(fileHandleId, file);
    opened.push({ cell, file });
  }
  return opened;
}

async function place(
  object: Error | StoredObject | undefined,
  { folder, claims, fileHandleId }: { folder: string; claims: PathClaims; fileHandleId: string },
): Promise<OpenFile> {
  // Fetched with an earlier batch.
  if (object === undefined) return { error: new Error('The file has been fetched.') };
  if (object instanceof Error) return { error: object };
  try {
    const name = safeName(object.handle?.fileName ?? fileHandleId);
    const [stem, extension] = splitExtension(name);
    const plain = join(folder, name);
    const path = claims.isTaken(plain, fileHandleId)
      ? join(folder, `${stem}_${fileHandleId}${extension}`)
      : plain;
    const destination = await uniquePath(path, (each) => claims.isTaken(each, fileHandleId));
    claims.take(destination, fileHandleId);
    return { object, destination };
  } catch (error) {
    return { error: error as Error };
  }
}

async function fetchFile(run: Run, file: OpenFile): Promise<Fetched> {
  if (file.error !== undefined) return { state: 'failed', error: file.error };
  const { object, destination } = file;
  const { ctx, overwrite, signal, onProgress } = run;
  try {
    if (await isPresent(destination, object.handle, signal)) {
      return { state: 'present', path: destination };
    }
    const open = (): Promise<StoredObject> => Promise.resolve(object);
    await downloadFile(ctx, { open, destination, overwrite, signal, onProgress });
    return { state: 'downloaded', path: destination };
  } catch (error) {
    signal?.throwIfAborted();
    return { state: 'failed', error: error as Error };
  }
}

async function isPresent(
  path: string,
  handle: M.FileHandle | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (handle?.contentMd5 === undefined) return false;
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile() || info.size !== handle.contentSize) return false;
  return (await fileMd5(path, signal)) === handle.contentMd5.toLowerCase();
}

async function* batches<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
