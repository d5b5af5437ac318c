import { beforeAll, describe, expect, test } from '@jest/globals';

import type { Answer } from '../helpers/api.js';
import { withSessions } from '../server/entitySession.js';
import { createFile, drsPath, drsRefusal, objectOf, type DrsFile } from './drsObjects.js';

const server = withSessions();
let made: DrsFile;
let id: string;
beforeAll(async () => {
  made = await createFile(server.alice);
  id = `${made.file.id}.1`;
});

const access = (accessId: string, object = id): Promise<Answer> =>
  server.alice.get(`${drsPath(object)}/access/${encodeURIComponent(accessId)}`);

const hasUrl = expect.objectContaining({
  status: 200,
  body: { url: expect.any(String) },
}) as unknown;

describe('AccessIdTest', () => {
  test('testEncode: an access id is the type of the object, its id and that of the file handle', async () => {
    const [method] = objectOf(await server.alice.get(drsPath(id))).access_methods;
    expect(method?.access_id).toBe(`FileEntity_${id}_${made.handle.id}`);
  });

  test('testEncodeWithOnlyFileHandleId: the access id of a file handle is its id', async () => {
    const object = objectOf(await server.alice.get(drsPath(`fh${made.handle.id}`)));
    expect(object.access_methods[0]?.access_id).toBe(made.handle.id);
  });

  test('testDecode: an access id leads to a URL', async () => {
    expect(await access(`FileEntity_${id}_${made.handle.id}`)).toEqual(hasUrl);
  });

  test('testDecodeWithWhiteSpace: space around an access id is ignored', async () => {
    expect(await access(`\t\nFileEntity_${id}_${made.handle.id}\t\n`)).toEqual(hasUrl);
  });

  test('testDecodeWithIncorrectFileHandleAssociationType: the type of the object is in its own case', async () => {
    expect(await access('fileEntity_syn1.1_123')).toEqual(
      drsRefusal(400, 'AccessId must contain a valid file handle association type.'),
    );
  });

  test('testDecodeWithOnlyFileHandleId: the id of a file handle is its access id', async () => {
    expect(await access(made.handle.id, `fh${made.handle.id}`)).toEqual(hasUrl);
  });

  test('testSynapseIdWithoutVersion: the object of an access id must have a version', async () => {
    expect(await access('FileEntity_syn1_123')).toEqual(
      drsRefusal(400, 'Synapse id should include version. e.g syn123.1'),
    );
  });

  test('testDecodeWithIncorrectFileHandleId: letters in the id of a file handle are refused', async () => {
    expect(await access('FileEntity_syn1.1_123A')).toEqual(
      drsRefusal(400, 'AccessId must contain valid file handle id.'),
    );
  });

  test('testDecodeWithoutFileHandleId: an access id of two parts is refused', async () => {
    expect(await access('FileEntity_syn1.1')).toEqual(drsRefusal(400, 'Invalid accessId'));
  });
});
