import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Session } from '../server/entitySession.js';
import { contentUrl, storage, uploadFile } from '../server/filesClient.js';

/** The handle of a file, read by its creator. */
export async function readHandle(session: Session, id: string): Promise<M.S3FileHandle> {
  const answer = await session.get(`/file/v1/fileHandle/${id}`);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as M.S3FileHandle;
}

/** Reads a handle until it has a preview, and returns the handle of the preview. */
export async function waitForPreview(
  session: Session,
  id: string,
): Promise<Required<M.S3FileHandle>> {
  for (;;) {
    const { previewId } = await readHandle(session, id);
    if (previewId !== undefined) {
      return (await readHandle(session, previewId)) as Required<M.S3FileHandle>;
    }
  }
}

/** The bytes of a file, read by its creator. */
export async function contentOf(session: Session, id: string): Promise<Buffer> {
  const { status, body } = await storage(await contentUrl(session, id));
  expect(status).toBe(200);
  return body;
}

/** Uploads a file, waits for its preview, and returns both. */
export async function uploadWithPreview(
  session: Session,
  content: Uint8Array,
  fields: object,
): Promise<{ file: M.S3FileHandle; preview: Required<M.S3FileHandle>; content: Buffer }> {
  const { id } = await uploadFile(session, content, fields);
  const preview = await waitForPreview(session, id);
  return {
    file: await readHandle(session, id),
    preview,
    content: await contentOf(session, preview.id),
  };
}

/** The text of the preview of a text. */
export async function previewText(session: Session, text: string, fields: object): Promise<string> {
  const { content } = await uploadWithPreview(session, Buffer.from(text), fields);
  return content.toString();
}

/**
 * Whether a file of this user has a preview. The answer waits for a preview that is being made, so
 * `false` is not just early.
 */
export async function hasPreview(session: Session, fileHandleId: string): Promise<boolean> {
  const answer = await session.post('/file/v1/fileHandle/batch', {
    includePreviewPreSignedURLs: true,
    requestedFiles: [
      { fileHandleId, associateObjectId: 'syn1', associateObjectType: 'FileEntity' },
    ],
  });
  expect(answer).toMatchObject({ status: 201 });
  const [result] = (answer.body as M.BatchFileResult).requestedFiles;
  return result?.previewPreSignedURL !== undefined;
}

/** Uploads a file and tells whether it gets a preview. */
export async function getsPreview(
  session: Session,
  content: Uint8Array,
  fields: object,
): Promise<boolean> {
  const { id } = await uploadFile(session, content, fields);
  return hasPreview(session, id);
}
