import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { createFile, drsPath, drsRefusal, objectOf } from './drsObjects.js';

const server = withSessions();

describe('DrsObjectIdTest', () => {
  test('testParseWithValidFileHandleId: fh and a number name a file handle', async () => {
    const { handle } = await createFile(server.alice);
    expect(objectOf(await server.alice.get(drsPath(`fh${handle.id}`))).name).toBe('SomeFileName');
  });

  test('testParseWithValidEntityId: an entity id and a version name a file', async () => {
    const { file } = await createFile(server.alice);
    expect(objectOf(await server.alice.get(drsPath(`${file.id}.1`))).name).toBe(file.name);
  });

  test('testParseWithInvalidId: a number without a prefix is refused', async () => {
    expect(await server.alice.get(drsPath('6789'))).toEqual(
      drsRefusal(
        400,
        'Object Id must be entity ID with version (e.g syn32132536.1), or the file handle ID prepended with the string "fh" (e.g. fh123)',
      ),
    );
  });

  test('testParseWithNoEntityIdVersion: an entity id without a version is refused', async () => {
    expect(await server.alice.get(drsPath('syn6789'))).toEqual(
      drsRefusal(400, 'Entity ID must include version. e.g syn123.1'),
    );
  });

  test('testParseWithInvalidFileHandleId: letters in the id of a file handle are refused', async () => {
    expect(await server.alice.get(drsPath('fh67a89'))).toEqual(
      drsRefusal(400, 'File Handle ID must contain prefix "fh" followed by a Long'),
    );
  });
});
