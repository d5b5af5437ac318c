import { describe, expect, test } from '@jest/globals';

import { refusal, withSessions } from '../server/entitySession.js';

const server = withSessions();

function raise(name: string, message: string): string {
  return `/testing/exception?ex=${name}&exMsg=${message}`;
}

describe('ITUnhandledException', () => {
  test('testWithBadRequestException: an argument that is not valid is a 400 with its message', async () => {
    const path = raise('java.lang.IllegalArgumentException', 'SomeError');
    expect(await server.admin.get(path)).toEqual(refusal(400, 'SomeError'));
  });

  test('testWithUnknownServerException: an error of the server is a 500 with its message', async () => {
    const path = raise('java.lang.IllegalStateException', 'SomeError');
    expect(await server.admin.get(path)).toEqual(refusal(500, 'SomeError'));
    expect(await server.admin.get('/testing/exception')).toEqual(
      refusal(500, 'java.lang.IllegalStateException'),
    );
  });

  test('testWithUnknownServerException: only an administrator can raise errors', async () => {
    expect(await server.alice.get('/testing/exception')).toEqual(refusal(401, 'Unauthorized.'));
    expect(await server.anonymous.get('/testing/exception')).toMatchObject({ status: 401 });
  });

  const paths = [
    '/entity/ID',
    '/entity/ID/annotations2',
    '/entity/ID/acl',
    '/entity/ID/path',
    '/entity/ID/version',
    '/entity/ID/permissions',
    '/entity/ID/wiki2',
    '/entity/ID/column',
    '/project/ID/forum',
    '/file/v1/entity/ID/uploadDestination',
  ];
  test.each(paths)(
    'testWithNormalExecution: a text that is no id is refused at %s',
    async (path) => {
      expect(await server.alice.get(path.replace('ID', 'synNonValidId'))).toEqual(
        refusal(400, 'synNonValidId is not a valid Synapse ID.'),
      );
    },
  );

  test.each([
    '/forum/abc',
    '/thread/abc',
    '/reply/abc',
    '/subscription/abc',
    '/accessRequirement/abc',
  ])('testWithNormalExecution: a text that is no number is refused at %s', async (path) => {
    expect(await server.alice.get(path)).toEqual(refusal(400, 'For input string: "abc"'));
  });
});
