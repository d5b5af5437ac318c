import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { mebibyte, uploadRequest } from '../server/filesClient.js';

const server = withSessions();
const minPart = 5 * mebibyte;
const maxPart = 5 * 1024 ** 3;
const maxFile = 5 * 1024 ** 4;

/** Begins an upload of this size. Nothing is sent. */
const begin = (fileSizeBytes: number, partSizeBytes = minPart): Promise<Answer> =>
  server.alice.post(
    '/file/v1/file/multipart',
    uploadRequest(Buffer.from('x'), { fileSizeBytes, partSizeBytes }),
  );

/** The number of parts of an upload. */
async function parts(fileSizeBytes: number, partSizeBytes?: number): Promise<number> {
  const answer = await begin(fileSizeBytes, partSizeBytes);
  expect(answer).toMatchObject({ status: 201 });
  return (answer.body as Required<M.MultipartUploadStatus>).partsState.length;
}

const refused = (message: string): object => refusal(400, message);

describe('PartUtilsTest', () => {
  test('testCalculateNumberOfPartsSmall: a small file has one part', async () => {
    expect(await parts(1)).toBe(1);
  });

  test('testCalculateNumberOfPartsNoRemainder: a file of two parts has two', async () => {
    expect(await parts(2 * minPart)).toBe(2);
  });

  test('testCalculateNumberOfPartsWithRemainder: one byte more is another part', async () => {
    expect(await parts(2 * minPart + 1)).toBe(3);
  });

  test('testCalculateNumberOfLessThanOne: a file has at least one byte', async () => {
    expect(await begin(0)).toEqual(refused('File size must be at least one byte'));
  });

  test('testCalculateNumberOfPartTooSmall: a part has at least 5 MiB', async () => {
    expect(await begin(1, minPart - 1)).toEqual(
      refused('The part size must be at least 5242880 bytes.'),
    );
  });

  test('testCalculateNumberOfPartAtMax: an upload may have 10000 parts', async () => {
    expect(await parts(minPart * 10_000)).toBe(10_000);
  });

  test('testCalculateNumberOfPartOverMax: an upload may not have 10001 parts', async () => {
    expect(await begin(minPart * 10_000 + 1)).toEqual(
      refused(
        'File Upload would require 10001 parts, which exceeds the maximum number of allowed parts of: 10000. Please choose a larger part size.',
      ),
    );
  });

  test('testValidateFileSizeUnder: a negative size is refused', async () => {
    expect(await begin(-1)).toEqual(refused('File size must be at least one byte'));
  });

  test('testValidateFileSizeOver: a file has at most 5 TiB', async () => {
    expect(await begin(maxFile + 1, maxPart)).toEqual(refused('The maximum file size is 5 TB'));
  });

  test('testValidateFileSizeAtSize: a file may have 5 TiB', async () => {
    expect(await parts(maxFile, maxPart)).toBe(1024);
  });

  test('testValidateFileSizeOne: a file may have one byte', async () => {
    expect(await parts(1, maxPart)).toBe(1);
  });

  test('testValidatePartSize: a part may have 5 MiB', async () => {
    expect(await parts(minPart, minPart)).toBe(1);
  });

  test('testValidatePartSizeLessThanMin: a part has not less than 5 MiB', async () => {
    expect(await begin(minPart, minPart - 1)).toEqual(
      refused('The part size must be at least 5242880 bytes.'),
    );
  });

  test('testValidatePartSizeNegative: a negative part size is refused', async () => {
    expect(await begin(minPart, -1)).toEqual(
      refused('The part size must be at least 5242880 bytes.'),
    );
  });

  test('testValidatePartSizeLargerThanMax: a part has at most 5 GiB', async () => {
    expect(await begin(1, maxPart + 1)).toEqual(
      refused('The part size must not exceed 5368709120 bytes.'),
    );
  });
});
