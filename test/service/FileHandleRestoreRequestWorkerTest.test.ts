import { describe, expect, test } from '@jest/globals';

import type { Answer } from '../helpers/api.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { fileTypes, uploadFile } from '../server/filesClient.js';
import { TableSession } from '../server/tableSession.js';

const server = withSessions();

const restore = (fileHandleIds?: readonly string[]): Promise<Answer> =>
  new TableSession(server.alice).job('/file/v1/fileHandle/restore/async', {
    concreteType: `${fileTypes}.FileHandleRestoreRequest`,
    ...(fileHandleIds && { fileHandleIds }),
  });

describe('FileHandleRestoreRequestWorkerTest', () => {
  test('testRun: each file has its result', async () => {
    const ids = await Promise.all(
      ['one', 'two'].map(async (text) => (await uploadFile(server.alice, Buffer.from(text))).id),
    );
    expect(await restore(ids)).toMatchObject({
      status: 201,
      body: {
        restoreResults: ids.map((fileHandleId) => ({ fileHandleId, status: 'NO_ACTION' })),
      },
    });
  });

  test('testRunWithNullList: a request must name files', async () => {
    expect(await restore()).toEqual(
      refusal(400, 'The fileHandleIds list is required and must not be empty.'),
    );
  });

  test('testRunWithEmptyList: the list of files must not be empty', async () => {
    expect(await restore([])).toEqual(
      refusal(400, 'The fileHandleIds list is required and must not be empty.'),
    );
  });

  test('testRunWithExceedBatchSize: a request names at most 1000 files', async () => {
    expect(await restore(Array.from({ length: 1001 }, (_, index) => String(index)))).toEqual(
      refusal(400, 'The number of file handles exceed the maximum allowed (Was: 1001, Max:1000).'),
    );
  });

  test('testRunWithRestoreException: a file that fails does not stop the others', async () => {
    const { id } = await uploadFile(server.alice, Buffer.from('mine'));
    const foreign = (await uploadFile(server.bob, Buffer.from('foreign'))).id;
    expect(await restore(['999999', foreign, id])).toMatchObject({
      body: {
        restoreResults: [
          { fileHandleId: '999999', status: 'NOT_FOUND', statusMessage: expect.any(String) },
          { fileHandleId: foreign, status: 'UNAUTHORIZED', statusMessage: expect.any(String) },
          { fileHandleId: id, status: 'NO_ACTION' },
        ],
      },
    });
  });
});
