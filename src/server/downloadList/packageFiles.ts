import type * as M from '../../../generated/models.js';
import type { HandleRecord } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { availableFiles, type ListedFile } from './listedFiles.js';
import { manifestOf } from './manifest.js';
import { zipArchive, type ZipEntry } from './zipArchive.js';

/** Maximum number of bytes that go into one package. */
const maxPackage = limits.packageSize;

/**
 * Packs the files that the caller may download and that fit into one ZIP archive.
 *
 * @throws 400 when there are no files to pack, 403 for anonymous callers
 * @see https://rest-docs.synapse.org/rest/POST/download/list/package/async/start.html
 */
export async function packageFiles(
  world: World,
  caller: Caller,
  request: M.DownloadListPackageRequest,
): Promise<HandleRecord> {
  requireLogin(caller);
  const files = packable(availableFiles(world, caller));
  if (files.length === 0) {
    throw badRequest('No files are eligible for packaging.');
  }
  const { zipFileName } = request;
  if (zipFileName !== undefined && !/^[^/\\\p{Cc}]{1,255}$/u.test(zipFileName)) {
    throw badRequest('The zipFileName must be a plain file name.');
  }
  const manifest =
    request.includeManifest === true
      ? manifestOf(world, files, request.csvTableDescriptor)
      : undefined;
  return world.files.store(zipArchive(entriesOf(world, files, manifest)), {
    createdBy: caller.userId,
    fileName: zipFileName ?? 'package.zip',
    contentType: 'application/zip',
  });
}

function packable(files: readonly ListedFile[]): ListedFile[] {
  const chosen: ListedFile[] = [];
  let total = 0;
  for (const file of files) {
    if (file.isPackable && total + file.size <= maxPackage) {
      total += file.size;
      chosen.push(file);
    }
  }
  return chosen;
}

function* entriesOf(
  world: World,
  files: readonly ListedFile[],
  manifest: string | undefined,
): Iterable<ZipEntry> {
  const names = new Set<string>();
  if (manifest !== undefined) {
    yield { name: freeName(names, 'manifest.csv'), content: oneChunk(Buffer.from(manifest)) };
  }
  for (const { record, handle } of files) {
    if (handle !== undefined) {
      const name = freeName(names, plainName(handle.fileName ?? record.name));
      yield { name, content: world.files.read(handle) };
    }
  }
}

async function* oneChunk(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(chunk);
}

/** Removes path segments that would lead outside of the directory when the archive is unpacked. */
function plainName(name: string): string {
  const plain = name.replace(/[/\\\p{Cc}]/gu, '_');
  return plain === '.' || plain === '..' || plain === '' ? '_' : plain;
}

/** A name that is not used yet: `data.csv`, `data(1).csv`, `data(2).csv`. */
function freeName(names: Set<string>, name: string): string {
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  let free = name;
  for (let number = 1; names.has(free.toLowerCase()); number += 1) {
    free = `${stem}(${number})${extension}`;
  }
  names.add(free.toLowerCase());
  return free;
}
