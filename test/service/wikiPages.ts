import { gzipSync } from 'node:zlib';

import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import type { Session } from '../server/entitySession.js';
import { storage, uploadFile } from '../server/filesClient.js';
import { pngImage } from './imageFiles.js';

/** A page of a wiki as the server returns it. */
export type WikiPage = Required<
  Pick<M.V2WikiPage, 'attachmentFileHandleIds' | 'etag' | 'id' | 'modifiedOn'>
> &
  M.V2WikiPage;

/** Checks that an answer is a page, and returns it. */
export function pageOf(answer: Answer): WikiPage {
  expect([200, 201]).toContain(answer.status);
  return answer.body as WikiPage;
}

/** The files of a page: two images and a compressed text. */
export async function wikiFiles(
  session: Session,
): Promise<{ first: string; second: string; markdown: string; image: Buffer }> {
  const image = pngImage(24, 18);
  const upload = async (content: Buffer, fields: object): Promise<string> =>
    (await uploadFile(session, content, fields)).id;
  return {
    image,
    first: await upload(image, { fileName: 'LittleImage.png', contentType: 'image/png' }),
    second: await upload(pngImage(18, 24), {
      fileName: 'profile_pic.png',
      contentType: 'image/png',
    }),
    markdown: await upload(gzipSync('some markdown'), {
      fileName: 'previewtest.txt.gz',
      contentType: 'application/x-gzip',
      generatePreview: false,
    }),
  };
}

/** The ids of the handles of the attachments of a page. */
export async function attachmentHandles(session: Session, path: string): Promise<M.S3FileHandle[]> {
  const answer = await session.get(path);
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body as { list: M.S3FileHandle[] }).list;
}

/** The bytes behind a URL that an answer names. */
export async function bytesAt(session: Session, path: string): Promise<Buffer> {
  const answer = await session.get(path);
  expect(answer).toMatchObject({ status: 200 });
  const { status, body } = await storage(String(answer.body));
  expect(status).toBe(200);
  return body;
}
