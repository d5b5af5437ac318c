import type * as M from '../../../generated/models.js';
import { zipArchive, type ZipEntry } from '../downloadList/zipArchive.js';
import { ZipEntryNames } from '../downloadList/zipEntryNames.js';
import { checkFileName } from '../files/fileName.js';
import { checkAssociation, fileHandleNotFound, notAssociated } from '../files/files.js';
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
  if (zipFileName !== undefined) checkFileName(zipFileName);
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
  const names = new ZipEntryNames(format);
  const packed = new Set<string>();
  let total = 0;
  return files.map((association) => {
    const id = association.fileHandleId ?? '';
    const failure =
      (refusedDownload(world, caller, association) ?? (packed.has(id) && duplicate)) ||
      (total > maxBytes && archiveIsFull);
    if (failure) return failed(association, failure);
    const handle = world.files.find(id);
    const problem = problemOf(handle);
    if (handle === undefined || problem !== undefined) {
      return failed(association, problem ?? notFoundFailure(id));
    }
    packed.add(id);
    total += handle.contentSize ?? 0;
    return {
      handle,
      summary: { ...association, zipEntryName: names.next(handle), status: 'SUCCESS' },
    };
  });
}

/** Why a file is not in the archive. */
type Failure = Required<Pick<M.FileDownloadSummary, 'failureCode' | 'failureMessage'>>;

const duplicate: Failure = { failureCode: 'DUPLICATE', failureMessage: 'File already added.' };
const archiveIsFull: Failure = {
  failureCode: 'EXCEEDS_SIZE_LIMIT',
  failureMessage: 'Result file has reached the maximum size.',
};
const fileIsLarge: Failure = {
  failureCode: 'EXCEEDS_SIZE_LIMIT',
  failureMessage: 'File exceeds the maximum size limit.',
};
const notStoredHere: Failure = {
  failureCode: 'UNKNOWN_ERROR',
  failureMessage: 'Only S3FileHandles can be downloaded.',
};

function refusedDownload(
  world: World,
  caller: Caller,
  association: M.FileHandleAssociation,
): Failure | undefined {
  return world.files.mayDownload(caller, association)
    ? undefined
    : { failureCode: 'UNAUTHORIZED', failureMessage: notAssociated(association) };
}

function problemOf(handle: HandleRecord | undefined): Failure | undefined {
  if (handle === undefined) return undefined;
  if (handle.concreteType !== handleTypes.s3) return notStoredHere;
  return (handle.contentSize ?? 0) > maxBytes ? fileIsLarge : undefined;
}

function notFoundFailure(id: string): Failure {
  return { failureCode: 'NOT_FOUND', failureMessage: fileHandleNotFound(id) };
}

function failed(association: M.FileHandleAssociation, failure: Failure): Chosen {
  return { summary: { ...association, status: 'FAILURE', ...failure } };
}

function* entriesOf(world: World, chosen: readonly Chosen[]): Iterable<ZipEntry> {
  for (const { handle, summary } of chosen) {
    if (handle !== undefined) {
      yield { name: summary.zipEntryName ?? handle.id, content: world.files.read(handle) };
    }
  }
}
