import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { ArgumentError, fileSystemError } from '../errors.js';
import { isEntityName } from '../entities/entityName.js';
import { fileMd5 } from '../files/fileMd5.js';
import { checkRegularFile } from '../files/regularFile.js';
import type { CommonOptions } from '../options.js';
import { uploadFile } from '../storages/synapse/uploadFile.js';
import { pool } from '../transfer/pool.js';
import { quoted } from '../values/quoted.js';

/** A file to attach: a path, a path with another name, or a file handle of the caller. */
export type WikiAttachment =
  | string
  | {
      path: string;
      /** @default the last part of the path */
      fileName?: string;
      /** Media type. @default guessed from the file name */
      contentType?: string;
    }
  | { id: string; fileName?: string };

/** Files to upload at the same time. */
const uploadsAtOnce = 4;

/** A file to attach with its name. */
type Named =
  | { fileName: string; id: string; path?: undefined }
  | { fileName: string; id?: undefined; path: string; contentType?: string | undefined };

/**
 * Finds out the names of files to attach.
 *
 * @throws {@link ArgumentError} for two files with one name, and for an empty file.
 * @throws {@link FileSystemError} for a file that cannot be read.
 */
export async function checkAttachments(
  ctx: Context,
  attachments: readonly WikiAttachment[],
  { signal }: CommonOptions = {},
): Promise<Named[]> {
  const named: Named[] = [];
  const names = new Set<string>();
  for (const attachment of attachments) {
    signal?.throwIfAborted();
    const file = await nameOf(ctx, attachment, signal);
    if (names.has(file.fileName)) {
      throw new ArgumentError(
        `Two attachments have the name ${quoted(file.fileName)}: give one of them another fileName.`,
      );
    }
    names.add(file.fileName);
    named.push(file);
  }
  return named;
}

async function nameOf(
  ctx: Context,
  attachment: WikiAttachment,
  signal: AbortSignal | undefined,
): Promise<Named> {
  const given = typeof attachment === 'string' ? { path: attachment } : attachment;
  if (!('path' in given)) {
    const { id, fileName } = given;
    if (fileName !== undefined) return { id, fileName };
    const handle = await ctx.services.file.getFileHandle({ handleId: id }, { signal });
    return { id, fileName: handle.fileName ?? '' };
  }
  const { path, contentType, fileName = basename(path) } = given;
  if (!isEntityName(fileName)) {
    throw new ArgumentError(
      `Cannot attach ${path} as ${quoted(fileName)}: Synapse accepts letters, digits, spaces and ,_.-+()' in the name of a file. Give it another fileName.`,
    );
  }
  await checkFile(path);
  return { path, fileName, contentType };
}

async function checkFile(path: string): Promise<void> {
  let size: number;
  try {
    const info = await stat(path);
    checkRegularFile(path, info);
    ({ size } = info);
  } catch (cause) {
    throw fileSystemError('Cannot attach', path, cause);
  }
  if (size > 0) return;
  throw new ArgumentError(
    `Cannot attach ${path}: it is empty, and Synapse does not accept empty files.`,
  );
}

/**
 * Uploads the files, except those that the page has already.
 *
 * @param present - The attachments of the page. One of the same name is replaced.
 * @returns The ids of all attachments.
 */
export async function attachFiles(
  ctx: Context,
  files: readonly Named[],
  present: readonly M.FileHandle[],
  { signal, onProgress }: CommonOptions = {},
): Promise<string[]> {
  const byName = new Map(present.map((handle) => [handle.fileName ?? '', handle]));
  const uploads = pool(files, { limit: uploadsAtOnce, signal }, async (file, own) => {
    if (file.path === undefined) return [file.fileName, file.id] as const;
    const { path, fileName, contentType } = file;
    const there = byName.get(fileName);
    if (there?.id !== undefined && (await isSame(there, path, own))) {
      return [fileName, there.id] as const;
    }
    const upload = { path, fileName, contentType, signal: own, onProgress };
    return [fileName, (await uploadFile(ctx, upload)).fileHandleId] as const;
  });
  const added = new Map<string, string>();
  for await (const [name, id] of uploads) added.set(name, id);
  const kept = present.filter(({ fileName = '' }) => !added.has(fileName));
  const inOrder = files.flatMap(({ fileName }) => added.get(fileName) ?? []);
  return [...kept.flatMap(({ id }) => id ?? []), ...inOrder];
}

async function isSame(handle: M.FileHandle, path: string, signal: AbortSignal): Promise<boolean> {
  if (handle.contentMd5 === undefined) return false;
  if ((await stat(path)).size !== handle.contentSize) return false;
  return (await fileMd5(path, signal)) === handle.contentMd5.toLowerCase();
}
