import type * as M from '../../../generated/models.js';
import { checkFileName } from '../files/fileName.js';
import type { HandleRecord } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { World } from '../world.js';
import { removeFiles, requireOwner } from './downloadListItems.js';
import { availableFiles, type ListedFile } from './listedFiles.js';
import { manifestName, manifestOf } from './manifest.js';
import { zipArchive, type ZipEntry } from './zipArchive.js';
import { ZipEntryNames } from './zipEntryNames.js';

/** Maximum number of bytes that go into one package. */
const maxPackage = limits.packageSize;

/**
 * Packs the files that the caller may download and that fit into one ZIP archive, small ones first,
 * and takes them off the list.
 *
 * @throws 400 when there are no files to pack, 403 for anonymous callers
 * @see https://rest-docs.synapse.org/rest/POST/download/list/package/async/start.html
 */
export async function packageFiles(
  world: World,
  caller: Caller,
  { zipFileName, includeManifest, csvTableDescriptor }: M.DownloadListPackageRequest,
): Promise<HandleRecord> {
  requireOwner(caller);
  const { packed, listed } = packable(availableFiles(world, caller));
  if (listed.length === 0) {
    throw badRequest(
      includeManifest === true
        ? 'No files available for download.'
        : 'No files are eligible for packaging.',
    );
  }
  if (zipFileName !== undefined) {
    checkFileName(zipFileName);
  }
  const manifest =
    includeManifest === true
      ? {
          name: manifestName(csvTableDescriptor),
          text: manifestOf(world, listed, csvTableDescriptor),
        }
      : undefined;
  const archive = await world.files.store(zipArchive(entriesOf(world, packed, manifest)), {
    createdBy: caller.userId,
    fileName: zipFileName ?? 'package.zip',
    contentType: 'application/zip',
  });
  removeFiles(
    world,
    caller,
    listed.map(({ item }) => item),
  );
  return archive;
}

/** The files that fit, each of which is packed once, and their items of the list. */
function packable(files: readonly ListedFile[]): {
  readonly packed: readonly ListedFile[];
  readonly listed: readonly ListedFile[];
} {
  const packed = new Map<string, ListedFile>();
  const listed: ListedFile[] = [];
  let total = 0;
  for (const file of files.filter(({ isPackable }) => isPackable).sort(bySize)) {
    if (total + file.size > maxPackage) {
      break;
    }
    if (!packed.has(file.record.id)) {
      packed.set(file.record.id, file);
      total += file.size;
    }
    listed.push(file);
  }
  return { packed: [...packed.values()], listed };
}

function bySize(a: ListedFile, b: ListedFile): number {
  return a.size - b.size;
}

function* entriesOf(
  world: World,
  files: readonly ListedFile[],
  manifest: { readonly name: string; readonly text: string } | undefined,
): Iterable<ZipEntry> {
  const names = new ZipEntryNames('Flat');
  const handles = new Set<string>();
  for (const { record, handle } of files) {
    // Two files may share a handle, whose content is in the archive once.
    if (handle !== undefined && !handles.has(handle.id)) {
      handles.add(handle.id);
      const { id, fileName = record.name } = handle;
      yield { name: names.next({ id, fileName }), content: world.files.read(handle) };
    }
  }
  if (manifest !== undefined) {
    const { name, text } = manifest;
    const entry = { id: '', fileName: name };
    yield { name: names.next(entry), content: oneChunk(Buffer.from(text)) };
  }
}

async function* oneChunk(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(chunk);
}
