import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import type { Session, Stored } from '../server/entitySession.js';
import { uploadFile } from '../server/filesClient.js';

/** Full path of an object of the Data Repository Service. */
export const drsPath = (id: string): string => `/ga4gh/drs/v1/objects/${encodeURIComponent(id)}`;

/** A file and its handle. */
export interface DrsFile {
  readonly file: Required<M.FileEntity> & Stored;
  readonly handle: Required<M.S3FileHandle>;
}

/** Creates a file in a project of its own, or in this one. */
export async function createFile(
  session: Session,
  { parentId, content = 'file contents' }: { parentId?: string; content?: string } = {},
): Promise<DrsFile> {
  const handle = await uploadFile(session, Buffer.from(content), {
    fileName: 'SomeFileName',
    contentType: 'text/plain; charset=us-ascii',
    generatePreview: false,
  });
  const file = await session.create('file', {
    parentId: parentId ?? (await session.create('project', {})).id,
    dataFileHandleId: handle.id,
    description: 'Human readable text',
  });
  return { file: file as DrsFile['file'], handle };
}

/** Creates a dataset of two files. */
export async function createDataset(
  session: Session,
): Promise<{ files: DrsFile[]; dataset: Required<M.Dataset> }> {
  const first = await createFile(session, { content: 'one' });
  const { parentId } = first.file;
  const files = [first, await createFile(session, { parentId, content: 'two' })];
  const { id } = await session.create('dataset', {
    parentId,
    name: 'DrsBundle',
    versionComment: '1',
    description: 'Human readable text',
    items: files.map(({ file }) => ({ entityId: file.id, versionNumber: 1 })),
  });
  return { files, dataset: (await session.read(id)) as unknown as Required<M.Dataset> };
}

/** What an object that refuses a request looks like. */
export function drsRefusal(status: number, msg: string): unknown {
  return expect.objectContaining({
    status,
    body: {
      concreteType: 'org.sagebionetworks.repo.model.drs.DrsErrorResponse',
      msg,
      status_code: status,
    },
  });
}

/** Checks that an answer is an object, and returns it. */
export function objectOf(answer: Answer): Required<M.DrsObject> {
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as Required<M.DrsObject>;
}
