import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Session, Stored } from '../server/entitySession.js';
import { fileTypes, uploadFile } from '../server/filesClient.js';
import { TableSession } from '../server/tableSession.js';

/** Packs files of this user into an archive; the answer must be good. */
export async function bulkDownload(
  session: Session,
  fileHandleIds: readonly string[],
  fields: object = {},
): Promise<Required<M.BulkFileDownloadResponse>> {
  const answer = await new TableSession(session).job('/file/v1/file/bulk/async', {
    concreteType: `${fileTypes}.BulkFileDownloadRequest`,
    requestedFiles: fileHandleIds.map((fileHandleId) => ({
      fileHandleId,
      associateObjectId: 'syn1',
      associateObjectType: 'TableEntity',
    })),
    ...fields,
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Required<M.BulkFileDownloadResponse>;
}

/** The names in an archive of files with these names, in their order. */
export async function entryNames(
  session: Session,
  fileNames: readonly string[],
  zipFileFormat: M.ZipFileFormat,
): Promise<{ ids: string[]; names: (string | undefined)[] }> {
  const ids: string[] = [];
  for (const [index, fileName] of fileNames.entries()) {
    const fields = { fileName, generatePreview: false };
    ids.push((await uploadFile(session, Buffer.from(`file ${index}`), fields)).id);
  }
  const { fileSummary } = await bulkDownload(session, ids, { zipFileFormat });
  return { ids, names: fileSummary.map(({ zipEntryName }) => zipEntryName) };
}

/** A project, a folder in it, and a file of text in the folder. */
export async function fileInFolder(
  session: Session,
): Promise<{ folder: Stored; file: Stored; handle: Required<M.S3FileHandle> }> {
  const { id: parentId } = await session.create('project', {});
  const folder = await session.create('folder', { parentId, name: 'aFolder' });
  const handle = await uploadFile(session, Buffer.from('contents'), {
    fileName: 'foo.txt',
    contentType: 'text/plain',
  });
  const file = await session.create('file', {
    parentId: folder.id,
    name: 'foo.txt',
    dataFileHandleId: handle.id,
  });
  return { folder, file, handle };
}
