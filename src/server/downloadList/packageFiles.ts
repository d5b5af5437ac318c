import type * as M from '../../../generated/models.js';
import { checkFileName } from '../files/fileName.js';
import type { HandleRecord } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { availableFiles, type ListedFile } from './listedFiles.js';
import { manifestOf } from './manifest.js';
import { zipArchive, type ZipEntry } from './zipArchive.js';
import { ZipEntryNames } from './zipEntryNames.js';

/** Maximum number of bytes that go into one package. */
const maxPackage = 1024 * 1024 * 1024;

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
  if (zipFileName !== undefined) checkFileName(zipFileName);
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
  const names = new ZipEntryNames('Flat');
  if (manifest !== undefined) {
    const name = names.next({ id: '', fileName: 'manifest.csv' });
    yield { name, content: oneChunk(Buffer.from(manifest)) };
  }
  for (const { record, handle } of files) {
    if (handle !== undefined) {
      const { id, fileName = record.name } = handle;
      yield { name: names.next({ id, fileName }), content: world.files.read(handle) };
    }
  }
}

async function* oneChunk(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(chunk);
}
