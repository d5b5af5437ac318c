import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { refusal, withSessions } from './entitySession.js';
import {
  add,
  begin,
  bytesOf,
  complete,
  contentUrl,
  errorCode,
  fileTypes,
  md5Of,
  mebibyte,
  partUrls,
  sendPart,
  storage,
  uploadFile,
  uploadRequest,
} from './filesClient.js';

fc.configureGlobal({ seed: 20_260_102 });

let offset = 0;
const server = withSessions({ now: () => new Date(Date.now() + offset) });

/** Runs with the clock of the server set forward. */
async function later<T>(milliseconds: number, run: () => Promise<T>): Promise<T> {
  offset = milliseconds;
  try {
    return await run();
  } finally {
    offset = 0;
  }
}

describe('an upload in parts', () => {
  const content = bytesOf(5 * mebibyte + 1234);
  const first = content.subarray(0, 5 * mebibyte);
  const last = content.subarray(5 * mebibyte);

  test('gives back what was sent', async () => {
    const { alice } = server;
    const status = await begin(alice, uploadRequest(content));
    expect(status).toMatchObject({
      startedBy: server.synapse.userId,
      state: 'UPLOADING',
      partsState: '00',
    });
    const { uploadId } = status;
    await sendPart(alice, uploadId, { number: 2, content: last });
    expect(await begin(alice, uploadRequest(content))).toMatchObject({
      uploadId,
      partsState: '01',
    });
    expect(await complete(alice, uploadId)).toEqual(
      refusal(
        400,
        'Missing 1 part(s).  All parts must be successfully added before a file upload can be completed.',
      ),
    );
    await sendPart(alice, uploadId, { number: 1, content: first });
    const completed = await complete(alice, uploadId);
    expect(completed).toMatchObject({
      status: 201,
      body: { uploadId, state: 'COMPLETED', partsState: '11' },
    });
    expect(await complete(alice, uploadId)).toEqual({
      ...completed,
      headers: expect.anything() as unknown,
    });
    expect(await begin(alice, uploadRequest(content))).toEqual(completed.body);
    const { resultFileHandleId } = completed.body as { resultFileHandleId: string };
    const handle = await alice.get(`/file/v1/fileHandle/${resultFileHandleId}`);
    expect(handle.body).toMatchObject({
      concreteType: `${fileTypes}.S3FileHandle`,
      fileName: 'data.bin',
      contentType: 'application/x-test',
      contentMd5: md5Of(content),
      contentSize: content.length,
      storageLocationId: 1,
      status: 'AVAILABLE',
      createdBy: server.synapse.userId,
      key: expect.stringMatching(
        new RegExp(`^${server.synapse.userId}/[0-9a-f-]{36}/data\\.bin$`),
      ) as unknown,
    });
    expect(handle.body).not.toHaveProperty('previewId');
    const answer = await storage(await contentUrl(alice, resultFileHandleId));
    expect(answer.body.equals(content)).toBe(true);
    expect(answer.headers.etag).toMatch(/^"[0-9a-f]{32}-2"$/);
  });

  test('is begun anew by forceRestart or by another user', async () => {
    const { alice, bob } = server;
    const body = uploadRequest(bytesOf(10), { fileName: 'restart.bin' });
    const { uploadId } = await begin(alice, body);
    expect((await begin(alice, { ...body, storageLocationId: 1 })).uploadId).toBe(uploadId);
    expect((await begin(bob, body)).uploadId).not.toBe(uploadId);
    for (const change of [
      { fileName: 'other.bin' },
      { contentType: 'text/plain' },
      { contentMD5Hex: md5Of(bytesOf(9)) },
      { partSizeBytes: 6 * mebibyte },
      { generatePreview: false },
    ]) {
      expect((await begin(alice, { ...body, ...change })).uploadId).not.toBe(uploadId);
    }
    const restarted = await begin(alice, body, '?forceRestart=true');
    expect(restarted.uploadId).not.toBe(uploadId);
    expect((await begin(alice, body)).uploadId).toBe(restarted.uploadId);
  });

  test('begins anew when the finished file is gone', async () => {
    const { alice } = server;
    const content = bytesOf(20, 7);
    const handle = await uploadFile(alice, content);
    const again = await begin(alice, uploadRequest(content));
    expect(again).toMatchObject({ state: 'COMPLETED', resultFileHandleId: handle.id });
    expect(await alice.delete(`/file/v1/fileHandle/${handle.id}`)).toMatchObject({ status: 200 });
    expect(await begin(alice, uploadRequest(content))).toMatchObject({ state: 'UPLOADING' });
  });

  test('the handle without a preview is its own preview', async () => {
    const handle = await uploadFile(server.alice, bytesOf(5, 9), { generatePreview: false });
    expect(handle.previewId).toBe(handle.id);
  });

  const valid = uploadRequest(bytesOf(3));
  const copy = {
    concreteType: `${fileTypes}.MultipartUploadCopyRequest`,
    partSizeBytes: 5 * mebibyte,
  };
  test.each([
    [{ partSizeBytes: null }, 'MultipartUploadRequest.partSizeBytes is required.'],
    [{ partSizeBytes: 5 * mebibyte - 1 }, 'The part size must be at least 5242880 bytes.'],
    [{ partSizeBytes: 5 * 1024 ** 3 + 1 }, 'The part size must not exceed 5368709120 bytes.'],
    [
      { fileName: null },
      'MultipartUploadRequest.fileName is required and must not be the empty string.',
    ],
    [
      { fileName: 'a/b' },
      "Invalid Name: 'a/b'. Names may only contain: letters, numbers, spaces, underscores, hyphens, periods, plus signs, apostrophes, and parentheses",
    ],
    [{ fileSizeBytes: null }, 'MultipartUploadRequest.fileSizeBytes is required.'],
    [{ fileSizeBytes: 0 }, 'File size must be at least one byte'],
    [{ fileSizeBytes: 5 * 1024 ** 4 + 1 }, 'The maximum file size is 5 TB'],
    [
      { fileSizeBytes: 5 * mebibyte * 10_000 + 1 },
      'File Upload would require 10001 parts, which exceeds the maximum number of allowed parts of: 10000. Please choose a larger part size.',
    ],
    [
      { contentMD5Hex: '' },
      'MultipartUploadRequest.contentMD5Hex is required and must not be the empty string.',
    ],
    [
      { contentMD5Hex: 'x' },
      'The content MD5 digest must be a valid hexadecimal string of length 32.',
    ],
    [copy, 'MultipartUploadCopyRequest.storageLocationId is required.'],
    [
      { ...copy, storageLocationId: 1 },
      'MultipartUploadCopyRequest.sourceFileHandleAssociation is required.',
    ],
    [
      {
        ...copy,
        storageLocationId: 1,
        sourceFileHandleAssociation: { fileHandleId: '1', associateObjectId: 'syn1' },
      },
      'MultipartUploadCopyRequest.sourceFileHandleAssociation.associateObjectType is required.',
    ],
  ])('refuses %o', async (change, reason) => {
    const answer = await server.alice.post('/file/v1/file/multipart', { ...valid, ...change });
    expect(answer).toEqual(refusal(400, reason));
  });

  test('is completed only by the one who began it', async () => {
    const { alice, bob, anonymous } = server;
    expect(await anonymous.post('/file/v1/file/multipart', valid)).toMatchObject({ status: 403 });
    const { uploadId } = await begin(alice, valid);
    const reason =
      'Only the user that started a multipart upload can get part upload pre-signed URLs for that file upload.';
    const path = `/file/v1/file/multipart/${uploadId}`;
    expect(await bob.post(`${path}/presigned/url/batch`, { partNumbers: [1] })).toEqual(
      refusal(403, reason),
    );
    expect(await add(bob, uploadId, { number: 1, md5: md5Of(bytesOf(3)) })).toEqual(
      refusal(403, reason),
    );
    expect(await complete(bob, uploadId)).toEqual(refusal(403, reason));
    for (const answer of [
      await alice.post('/file/v1/file/multipart/999999/presigned/url/batch', { partNumbers: [1] }),
      await add(alice, '999999', { number: 1, md5: md5Of(bytesOf(3)) }),
      await complete(alice, '999999'),
    ]) {
      expect(answer).toEqual(refusal(404, 'Failed to find a MultiPartUpload for id: 999999'));
    }
    expect(
      await alice.post('/file/v1/file/multipart', { ...valid, storageLocationId: 99 }),
    ).toMatchObject({ status: 404 });
  });

  test('refuses part numbers that it does not have', async () => {
    const { alice } = server;
    const { uploadId } = await begin(alice, valid);
    const path = `/file/v1/file/multipart/${uploadId}/presigned/url/batch`;
    expect(await alice.post(path, {})).toEqual(
      refusal(400, 'BatchPresignedUploadUrlRequest.partNumbers is required.'),
    );
    expect(await alice.post(path, { partNumbers: [] })).toEqual(
      refusal(400, 'BatchPresignedUploadUrlRequest.partNumbers must contain at least one value'),
    );
    expect(await alice.post(path, { partNumbers: [1, 0] })).toEqual(
      refusal(400, 'Part numbers cannot be less than one.'),
    );
    expect(await add(alice, uploadId, { number: 2, md5: md5Of(bytesOf(3)) })).toEqual(
      refusal(
        400,
        'Part number cannot be larger than number of parts. Number of parts: 1, provided part number: 2',
      ),
    );
  });

  test('takes the right bytes of a part after wrong ones', async () => {
    const { alice } = server;
    const content = bytesOf(33, 3);
    const part = { number: 1, md5: md5Of(content) };
    const { uploadId } = await begin(alice, uploadRequest(content, { fileName: 'failed.bin' }));
    const [target] = await partUrls(alice, uploadId, [1]);
    const put = (body: Uint8Array) =>
      storage(target?.uploadPresignedUrl ?? '', { method: 'PUT', body });
    const state = async () =>
      (await begin(alice, uploadRequest(content, { fileName: 'failed.bin' }))).partsState;
    expect(await add(alice, uploadId, part)).toMatchObject({
      status: 201,
      body: { uploadId, partNumber: 1, addPartState: 'ADD_FAILED' },
    });
    await put(content);
    expect(await add(alice, uploadId, { ...part, md5: part.md5.toUpperCase() })).toMatchObject({
      body: { addPartState: 'ADD_SUCCESS' },
    });
    // The answer to the first add may have been lost.
    expect(await add(alice, uploadId, part)).toMatchObject({
      body: { addPartState: 'ADD_SUCCESS' },
    });
    expect(await state()).toBe('1');
    await put(bytesOf(33, 4));
    expect(await add(alice, uploadId, part)).toMatchObject({
      status: 201,
      body: {
        addPartState: 'ADD_FAILED',
        errorMessage:
          'The provided MD5 does not match the MD5 of the uploaded part.  Please re-upload the part.',
      },
    });
    expect(await state()).toBe('0');
    expect(await complete(alice, uploadId)).toMatchObject({ status: 400 });
    await put(content);
    expect(await add(alice, uploadId, part)).toMatchObject({
      body: { addPartState: 'ADD_SUCCESS' },
    });
    const completed = await complete(alice, uploadId);
    expect(completed).toMatchObject({ status: 201 });
    expect(await add(alice, uploadId, part)).toEqual(
      refusal(400, 'Cannot add parts to completed file upload.'),
    );
    // A part that arrives once more after the end changes nothing.
    expect(await put(bytesOf(33, 5))).toMatchObject({ status: 200 });
    const { resultFileHandleId } = completed.body as { resultFileHandleId: string };
    const answer = await storage(await contentUrl(alice, resultFileHandleId));
    expect(answer.body.equals(content)).toBe(true);
  });

  test('cannot be completed with a small part before the last', async () => {
    const { alice } = server;
    const { uploadId } = await begin(alice, uploadRequest(content, { fileName: 'small.bin' }));
    await sendPart(alice, uploadId, { number: 1, content: bytesOf(7) });
    await sendPart(alice, uploadId, { number: 2, content: last });
    expect(await complete(alice, uploadId)).toEqual(
      refusal(400, 'Your proposed upload is smaller than the minimum allowed size'),
    );
  });
});

describe('PUT to a presigned URL', () => {
  async function target(
    contentType?: string,
  ): Promise<{ url: string; headers: Record<string, string> }> {
    const content = bytesOf(16, 11);
    const { uploadId } = await begin(
      server.alice,
      uploadRequest(content, { fileName: 'put.bin' }),
      '?forceRestart=true',
    );
    const [part] = await partUrls(server.alice, uploadId, [1], contentType);
    return {
      url: part?.uploadPresignedUrl ?? '',
      headers: part?.signedHeaders ?? {},
    };
  }
  const body = bytesOf(16, 11);
  const digest = Buffer.from(md5Of(body), 'hex').toString('base64');

  test('checks Content-MD5', async () => {
    const { url } = await target();
    const put = (headers: Record<string, string>) => storage(url, { method: 'PUT', body, headers });
    expect((await put({})).headers.etag).toBe(`"${md5Of(body)}"`);
    expect(await put({ 'content-md5': digest })).toMatchObject({ status: 200 });
    const wrong = await put({ 'content-md5': Buffer.alloc(16).toString('base64') });
    expect([wrong.status, errorCode(wrong)]).toEqual([400, 'BadDigest']);
    const invalid = await put({ 'content-md5': 'abc' });
    expect([invalid.status, errorCode(invalid)]).toEqual([400, 'InvalidDigest']);
  });

  test('a content type that was signed must be sent', async () => {
    const { url, headers } = await target('text/x-signed');
    expect(headers).toEqual({ 'Content-Type': 'text/x-signed' });
    expect(await storage(url, { method: 'PUT', body, headers })).toMatchObject({ status: 200 });
    const without = await storage(url, { method: 'PUT', body });
    expect([without.status, errorCode(without)]).toEqual([403, 'SignatureDoesNotMatch']);
  });

  test('is refused when the URL does not allow it', async () => {
    const { url } = await target();
    const put = (to: string, headers: Record<string, string> = {}) =>
      storage(to, { method: 'PUT', body, headers });
    const expired = await later(15 * 60_000, () => put(url));
    expect(expired.status).toBe(403);
    expect(expired.headers['content-type']).toBe('application/xml');
    expect(expired.body.toString()).toContain(
      '<Code>AccessDenied</Code><Message>Request has expired</Message>',
    );
    const changed = await put(url.replace('put.bin', 'PUT.bin'));
    expect([changed.status, errorCode(changed)]).toEqual([403, 'SignatureDoesNotMatch']);
    const got = await storage(url);
    expect([got.status, errorCode(got)]).toEqual([403, 'SignatureDoesNotMatch']);
    const copied = await put(url, { 'x-amz-copy-source': 'synapse-local-storage/x' });
    expect([copied.status, errorCode(copied)]).toEqual([403, 'AccessDenied']);
    const chunked = await put(url, { 'transfer-encoding': 'chunked' });
    expect([chunked.status, errorCode(chunked)]).toEqual([411, 'MissingContentLength']);
    const large = await put(url, { 'content-length': String(5 * 1024 ** 3 + 1) });
    expect([large.status, errorCode(large)]).toEqual([400, 'EntityTooLarge']);
    const plain = await storage(new URL('/storage/synapse-local-storage/x', url).href);
    expect([plain.status, errorCode(plain)]).toEqual([403, 'AccessDenied']);
  });
});

describe('GET of a presigned URL', () => {
  const content = bytesOf(1000, 21);
  let url = '';
  let modified = '';
  const get = (headers: Record<string, string> = {}) => storage(url, { headers });

  test('gives the whole content with the headers of the file', async () => {
    const handle = await uploadFile(server.alice, content, {
      fileName: "it's (1).txt",
      contentType: 'text/plain',
    });
    url = await contentUrl(server.alice, handle.id);
    const parameters = new URL(url).searchParams;
    expect(new URL(url).pathname).not.toMatch(/^\/(repo|file|auth)\//);
    expect(parameters.get('X-Amz-Date')).toMatch(/^\d{8}T\d{6}Z$/);
    expect(parameters.get('X-Amz-Expires')).toBe('900');
    expect(parameters.get('X-Amz-Algorithm')).toBe('AWS4-HMAC-SHA256');
    const answer = await get();
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-length': '1000',
        'content-type': 'text/plain',
        'content-disposition': `attachment; filename="it's (1).txt"`,
        'accept-ranges': 'bytes',
        etag: expect.stringMatching(/^"[0-9a-f]{32}-1"$/) as unknown,
      },
    });
    expect(answer.body.equals(content)).toBe(true);
    modified = answer.headers['last-modified'] ?? '';
    expect(Date.parse(modified)).not.toBeNaN();
    const head = await storage(url, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, headers: { 'content-length': '1000' } });
    expect(head.body).toHaveLength(0);
  });

  test('any range is that slice of the content', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 1100 }),
        fc.option(fc.nat({ max: 1100 })),
        fc.boolean(),
        async (start, end, suffix) => {
          const header = suffix ? `bytes=-${start}` : `bytes=${start}-${end ?? ''}`;
          const answer = await get({ range: header });
          const from = suffix ? Math.max(0, 1000 - start) : start;
          const to = suffix || end === null ? 1000 : Math.min(end + 1, 1000);
          if (!suffix && end !== null && end < start) {
            expect(answer.status).toBe(200);
            expect(answer.body.equals(content)).toBe(true);
          } else if (from >= 1000) {
            expect(answer).toMatchObject({
              status: 416,
              headers: { 'content-range': 'bytes */1000' },
            });
            expect(errorCode(answer)).toBe('InvalidRange');
          } else {
            expect(answer).toMatchObject({
              status: 206,
              headers: {
                'content-range': `bytes ${from}-${to - 1}/1000`,
                'content-length': String(to - from),
              },
            });
            expect(answer.body.equals(content.subarray(from, to))).toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('several ranges are answered with the whole', async () => {
    expect(await get({ range: 'bytes=0-1,5-6' })).toMatchObject({ status: 200 });
  });

  test('conditions', async () => {
    const etag = (await get()).headers.etag ?? '';
    const past = new Date(Date.parse(modified) - 1000).toUTCString();
    const status = async (headers: Record<string, string>) => (await get(headers)).status;
    expect(await status({ 'if-match': etag })).toBe(200);
    expect(await status({ 'if-match': `"x", ${etag}` })).toBe(200);
    expect(await status({ 'if-match': '"x"' })).toBe(412);
    expect(await status({ 'if-none-match': etag })).toBe(304);
    expect(await status({ 'if-none-match': '*' })).toBe(304);
    expect(await status({ 'if-none-match': '"x"' })).toBe(200);
    expect(await status({ 'if-modified-since': modified })).toBe(304);
    expect(await status({ 'if-modified-since': past })).toBe(200);
    expect(await status({ 'if-unmodified-since': modified })).toBe(200);
    expect(await status({ 'if-unmodified-since': past })).toBe(412);
    expect(await status({ range: 'bytes=0-1', 'if-range': etag })).toBe(206);
    expect(await status({ range: 'bytes=0-1', 'if-range': '"x"' })).toBe(200);
    expect(await status({ range: 'bytes=0-1', 'if-range': modified })).toBe(206);
    expect(await status({ range: 'bytes=0-1', 'if-range': past })).toBe(200);
    expect(await status({ 'if-none-match': etag, 'if-modified-since': past })).toBe(304);
  });

  test('is refused when expired or changed', async () => {
    const expired = await later(900_000, () => get());
    expect(expired.status).toBe(403);
    expect(expired.body.toString()).toContain(
      '<Code>AccessDenied</Code><Message>Request has expired</Message>',
    );
    const changed = await storage(url.replace('text%2Fplain', 'text%2Fhtml'));
    expect([changed.status, errorCode(changed)]).toEqual([403, 'SignatureDoesNotMatch']);
    const longer = await storage(url.replace('X-Amz-Expires=900', 'X-Amz-Expires=901'));
    expect([longer.status, errorCode(longer)]).toEqual([403, 'SignatureDoesNotMatch']);
  });

  test('a range may span parts', async () => {
    const large = bytesOf(5 * mebibyte + 100, 31);
    const handle = await uploadFile(server.alice, large, { fileName: 'span.bin' });
    const answer = await storage(await contentUrl(server.alice, handle.id), {
      headers: { range: `bytes=${5 * mebibyte - 50}-${5 * mebibyte + 49}` },
    });
    expect(answer.status).toBe(206);
    expect(answer.body.equals(large.subarray(5 * mebibyte - 50, 5 * mebibyte + 50))).toBe(true);
  });

  test('the content goes with the last handle that shares it', async () => {
    const { alice } = server;
    const handle = await uploadFile(alice, bytesOf(64, 41), { fileName: 'shared.bin' });
    const copy = await alice.post(`/file/v1/fileHandle/${handle.id}/copy`, {
      concreteType: handle.concreteType,
      fileName: 'copy.bin',
    });
    expect(copy).toMatchObject({ status: 201, body: { fileName: 'copy.bin', key: handle.key } });
    const copyUrl = await contentUrl(alice, (copy.body as { id: string }).id);
    expect(await alice.delete(`/file/v1/fileHandle/${handle.id}`)).toMatchObject({ status: 200 });
    expect(await storage(copyUrl)).toMatchObject({ status: 200 });
    await alice.delete(`/file/v1/fileHandle/${(copy.body as { id: string }).id}`);
    const gone = await storage(copyUrl);
    expect([gone.status, errorCode(gone)]).toEqual([404, 'NoSuchKey']);
  });
});
