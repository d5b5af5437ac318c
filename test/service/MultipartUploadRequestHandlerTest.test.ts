import { describe, expect, test } from '@jest/globals';

import type { Answer } from '../helpers/api.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { uploadFile, uploadRequest } from '../server/filesClient.js';

const server = withSessions();

const begin = (fields: object): Promise<Answer> =>
  server.alice.post('/file/v1/file/multipart', uploadRequest(Buffer.from('x'), fields));

describe('MultipartUploadRequestHandlerTest', () => {
  test('testValidateRequest: a request with a name, a size and a checksum begins an upload', async () => {
    expect(await begin({ fileName: 'fileName' })).toMatchObject({ status: 201 });
  });

  test('testValidateRequestWithNameAtMaxLength: a name may have 256 characters', async () => {
    expect(await begin({ fileName: 'a'.repeat(256) })).toMatchObject({ status: 201 });
  });

  test('testValidateRequestWithNameOverMaxLength: a name may not have 257 characters', async () => {
    expect(await begin({ fileName: 'a'.repeat(257) })).toEqual(
      refusal(400, 'Name length cannot be longer than 256 characters.'),
    );
  });

  test('testValidateRequestWithEmptyFileName: a file must have a name', async () => {
    expect(await begin({ fileName: '' })).toEqual(
      refusal(400, 'MultipartUploadRequest.fileName is required and must not be the empty string.'),
    );
    expect(await begin({ fileName: ' ' })).toEqual(
      refusal(400, 'Name cannot be only whitespace or empty string'),
    );
  });

  test('testValidateRequestWithNoSize: a file must have a size', async () => {
    expect(await begin({ fileSizeBytes: undefined })).toEqual(
      refusal(400, 'MultipartUploadRequest.fileSizeBytes is required.'),
    );
  });

  test('testValidateRequestWithEmptyMD5: a file must have a checksum', async () => {
    expect(await begin({ contentMD5Hex: undefined })).toEqual(
      refusal(
        400,
        'MultipartUploadRequest.contentMD5Hex is required and must not be the empty string.',
      ),
    );
  });

  test('testValidateRequestWithFileNameNoAscii: a name has only plain letters', async () => {
    expect(await begin({ fileName: '文件.txt' })).toEqual(
      refusal(
        400,
        "Invalid Name: '文件.txt'. Names may only contain: letters, numbers, spaces, underscores, hyphens, periods, plus signs, apostrophes, and parentheses",
      ),
    );
  });

  test('testGetFileHandleCreateRequest: the handle has what the request said', async () => {
    const fields = { fileName: 'fileName', contentType: 'plain/text', storageLocationId: 1 };
    expect(await uploadFile(server.alice, Buffer.from('said'), fields)).toMatchObject(fields);
  });
});
