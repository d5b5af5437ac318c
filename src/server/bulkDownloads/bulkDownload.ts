import type * as M from '../../../generated/models.js';
import { zipArchive, type ZipEntry } from '../downloadList/zipArchive.js';
import { checkAssociation } from '../files/files.js';
import type { HandleRecord } from '../files/handleRecords.js';
import { handleTypes } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';

/** Maximum number of files of one request. */
const maxFiles = 100_000;
/** Maximum number of bytes of one archive. */
const maxBytes = limits.archive;

interface Chosen {
  readonly summary: M.FileDownloadSummary;
  /** Present when the file goes into the archive. */
  readonly handle?: HandleRecord;
}

/**
 * Packs files into one ZIP archive. The result marks each file that cannot be packed.
 *
 * @throws 400 when no file can be packed, 403 for anonymous callers
 * @see https://rest-docs.synapse.org/rest/POST/file/bulk/async/start.html
 */
export async function bulkDownload(
  world: World,
  caller: Caller,
  request: M.BulkFileDownloadRequest,
): Promise<M.BulkFileDownloadResponse> {
  requireLogin(caller);
  const { requestedFiles = [], zipFileFormat = 'CommandLineCache', zipFileName } = request;
  if (requestedFiles.length === 0 || requestedFiles.length > maxFiles) {
    throw badRequest(`The number of requestedFiles must be 1 to ${maxFiles}.`);
  }
  requestedFiles.forEach(checkAssociation);
  if (zipFileName !== undefined && !/^[^/\\\p{Cc}]{1,255}$/u.test(zipFileName)) {
    throw badRequest('The zipFileName must be a plain file name.');
  }
  const chosen = chooseFiles(world, caller, requestedFiles, zipFileFormat);
  const response = {
    concreteType: 'org.sagebionetworks.repo.model.file.BulkFileDownloadResponse' as const,
    userId: String(caller.userId),
    fileSummary: chosen.map(({ summary }) => summary),
  };
  if (chosen.every(({ handle }) => handle === undefined)) {
    return response;
  }
  const archive = await world.files.store(zipArchive(entriesOf(world, chosen)), {
    createdBy: caller.userId,
    fileName: zipFileName ?? 'files.zip',
    contentType: 'application/zip',
  });
  return { ...response, resultZipFileHandleId: archive.id };
}

function chooseFiles(
  world: World,
  caller: Caller,
  files: readonly M.FileHandleAssociation[],
  format: M.ZipFileFormat,
): Chosen[] {
  const names = new Set<string>();
  let total = 0;
  return files.map((association) => {
    const handle = world.files.find(association.fileHandleId ?? '');
    const failure = failureOf(world, caller, association, handle);
    if (failure !== undefined || handle === undefined) {
      return failed(association, failure ?? 'NOT_FOUND');
    }
    const zipEntryName = entryName(handle, format);
    if (names.has(zipEntryName)) {
      return failed(association, 'DUPLICATE');
    }
    const size = ('contentSize' in handle ? handle.contentSize : undefined) ?? 0;
    if (total + size > maxBytes) {
      return failed(association, 'EXCEEDS_SIZE_LIMIT');
    }
    names.add(zipEntryName);
    total += size;
    return { handle, summary: { ...association, zipEntryName, status: 'SUCCESS' } };
  });
}

function failureOf(
  world: World,
  caller: Caller,
  association: M.FileHandleAssociation,
  handle: HandleRecord | undefined,
): M.FileDownloadCode | undefined {
  if (!world.files.mayDownload(caller, association)) {
    return 'UNAUTHORIZED';
  }
  if (handle === undefined) {
    return 'NOT_FOUND';
  }
  return handle.concreteType === handleTypes.s3 ? undefined : 'UNKNOWN_ERROR';
}

const messages: Readonly<Record<M.FileDownloadCode, string>> = {
  UNAUTHORIZED: 'The file cannot be downloaded by this user.',
  NOT_FOUND: 'The file handle does not exist.',
  DUPLICATE: 'A file of this name is in the archive already.',
  EXCEEDS_SIZE_LIMIT: `The archive would be larger than ${maxBytes} bytes.`,
  UNKNOWN_ERROR: 'The file is not stored by Synapse.',
};

function failed(association: M.FileHandleAssociation, failureCode: M.FileDownloadCode): Chosen {
  const failureMessage = messages[failureCode];
  return { summary: { ...association, status: 'FAILURE', failureCode, failureMessage } };
}

/** The path of a file in the archive: as in the cache of clients, or without folders. */
function entryName({ id, fileName }: HandleRecord, format: M.ZipFileFormat): string {
  const plain = (fileName ?? id).replace(/[/\\\p{Cc}]/gu, '_');
  const safe = plain === '.' || plain === '..' || plain === '' ? '_' : plain;
  return format === 'Flat' ? safe : `${Number(id) % 1000}/${id}/${safe}`;
}

function* entriesOf(world: World, chosen: readonly Chosen[]): Iterable<ZipEntry> {
  for (const { handle, summary } of chosen) {
    if (handle !== undefined) {
      yield { name: summary.zipEntryName ?? handle.id, content: world.files.read(handle) };
    }
  }
}
