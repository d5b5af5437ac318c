import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { parseCopyRange, parseRange } from '../../src/server/files/byteRange.js';
import { ChunkedBody } from '../../src/server/files/chunkedBody.js';
import { checkFileName, storageKey } from '../../src/server/files/fileName.js';
import { contentDisposition } from '../../src/server/files/handleRecords.js';
import { multipartEtag } from '../../src/server/files/objectStore.js';
import {
  countParts,
  fileSizeProblem,
  partCountProblem,
  partNumberProblem,
  partRange,
  partSizeProblem,
} from '../../src/server/files/partPlan.js';
import {
  createPresigner,
  sha256Hex,
  signingKey,
  signRequest,
  type Credentials,
  type Scope,
} from '../../src/server/files/sigV4.js';
import { authenticate, type StorageRequest } from '../../src/server/files/storageAuth.js';
import { createSession, serverCredentials } from '../../src/server/files/storageKeys.js';
import { checkUrl } from '../../src/server/files/storageLocations.js';
import { renderXml, xmlElements, xmlText } from '../../src/server/files/xml.js';

fc.configureGlobal({ seed: 20_260_102 });

const mebibyte = 1024 ** 2;

describe('part plan', () => {
  test('sizes are refused in the words of the service', () => {
    expect(fileSizeProblem(0)).toBe('File size must be at least one byte');
    expect(fileSizeProblem(1)).toBeUndefined();
    expect(fileSizeProblem(5 * 1024 ** 4)).toBeUndefined();
    expect(fileSizeProblem(5 * 1024 ** 4 + 1)).toBe('The maximum file size is 5 TB');
    expect(partSizeProblem(5 * mebibyte - 1)).toBe('The part size must be at least 5242880 bytes.');
    expect(partSizeProblem(5 * mebibyte)).toBeUndefined();
    expect(partSizeProblem(5 * 1024 ** 3 + 1)).toBe(
      'The part size must not exceed 5368709120 bytes.',
    );
    expect(partCountProblem(10_000)).toBeUndefined();
    expect(partCountProblem(10_001)).toBe(
      'File Upload would require 10001 parts, which exceeds the maximum number of allowed parts of: 10000. Please choose a larger part size.',
    );
    expect(partNumberProblem(0, 3)).toBe('Part numbers cannot be less than one.');
    expect(partNumberProblem(3, 3)).toBeUndefined();
    expect(partNumberProblem(4, 3)).toBe(
      'Part number cannot be larger than number of parts. Number of parts: 3, provided part number: 4',
    );
  });

  test('the ranges of the parts cover a file exactly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 * 1024 ** 4 }),
        fc.integer({ min: 5 * mebibyte, max: 5 * 1024 ** 3 }),
        (fileSizeBytes, partSizeBytes) => {
          const count = countParts(fileSizeBytes, partSizeBytes);
          fc.pre(count <= 10_000);
          let position = 0;
          const wrong: number[] = [];
          for (let number = 1; number <= count; number += 1) {
            const { start, end } = partRange(number, { partSizeBytes, fileSizeBytes });
            if (start !== position || end <= start || end - start > partSizeBytes)
              wrong.push(number);
            position = end;
          }
          expect(wrong).toEqual([]);
          expect(position).toBe(fileSizeBytes);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('ranges', () => {
  test.each([
    ['bytes=0-0', 10, { start: 0, end: 1 }],
    ['bytes=0-', 10, { start: 0, end: 10 }],
    ['bytes=4-6', 10, { start: 4, end: 7 }],
    ['bytes=4-600', 10, { start: 4, end: 10 }],
    ['bytes=-3', 10, { start: 7, end: 10 }],
    ['bytes=-30', 10, { start: 0, end: 10 }],
    ['Bytes = 1 - 2', 10, { start: 1, end: 3 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=99-100', 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-1', 0, 'unsatisfiable'],
    ['bytes=6-4', 10, 'whole'],
    ['bytes=-', 10, 'whole'],
    ['bytes=0-1,3-4', 10, 'whole'],
    ['bytes=a-b', 10, 'whole'],
    ['items=0-1', 10, 'whole'],
    [undefined, 10, 'whole'],
  ] as const)('%s of %i bytes', (header, size, expected) => {
    expect(parseRange(header, size)).toEqual(expected);
  });

  test('a copy range must be within the object', () => {
    expect(parseCopyRange('bytes=0-9', 10)).toEqual({ start: 0, end: 10 });
    for (const header of ['bytes=0-10', 'bytes=5-4', 'bytes=-4', 'bytes=0-', '0-4', '']) {
      expect(parseCopyRange(header, 10)).toBeUndefined();
    }
  });
});

describe('names', () => {
  test('file names obey the rule of entity names', () => {
    for (const name of ['a', "x_1 (2)+'.-,.txt", '..', 'a'.repeat(256)]) {
      expect(() => checkFileName(name)).not.toThrow();
    }
    for (const name of ['a/b', 'a\\b', 'ä', 'a\nb', 'a:b', '😀', '\0']) {
      expect(() => checkFileName(name)).toThrow(
        `Invalid Name: '${name}'. Names may only contain: letters, numbers, spaces, underscores, hyphens, periods, plus signs, apostrophes, and parentheses`,
      );
    }
    expect(() => checkFileName(' ')).toThrow('only whitespace');
    expect(() => checkFileName('a'.repeat(257))).toThrow('256');
  });

  test('keys are made of user and uuid and name', () => {
    const parts = { userId: 7, uuid: 'u-u', fileName: 'a b.txt' };
    expect(storageKey(parts)).toBe('7/u-u/a b.txt');
    expect(storageKey({ ...parts, baseKey: 'base/x' })).toBe('base/x/7/u-u/a b.txt');
    expect(storageKey({ ...parts, fileName: '..' })).toBe('7/u-u/file');
  });

  test('a name cannot break out of Content-Disposition', () => {
    expect(contentDisposition('a b.txt')).toBe('attachment; filename="a b.txt"');
    expect(contentDisposition('é".txt')).toBe(
      `attachment; filename="__.txt"; filename*=UTF-8''%C3%A9_.txt`,
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        expect(contentDisposition(String.fromCharCode(...units))).toMatch(
          /^attachment; filename="[ !#-[\]-~]*"(; filename\*=UTF-8''[\w.~%-]*)?$/,
        );
      }),
    );
  });

  test('URLs of external files need a scheme with a host', () => {
    for (const url of ['https://a.org/x', 'sftp://h:22/p', 'file:///tmp/x', 'http://localhost/']) {
      expect(() => checkUrl(url, 'url')).not.toThrow();
    }
    for (const url of ['', 'x', '/a/b', 'https://', 'http:///x', 'http://a b/', 'mailto:a@b']) {
      expect(() => checkUrl(url, 'url')).toThrow(`The External URL is not a valid url: ${url}`);
    }
  });
});

describe('XML', () => {
  test('what is written is read back', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const document = renderXml('Root', { A: text, B: [{ C: 1 }, { C: 2 }], D: undefined });
        expect(xmlText(document, 'A')).toBe(text.replace(/[^\t\n\r -\uFFFD]/g, '').trim());
        expect(xmlElements(document, 'B').map((b) => xmlText(b, 'C'))).toEqual(['1', '2']);
        expect(xmlText(document, 'D')).toBeUndefined();
      }),
    );
  });

  test('entities and prefixes are understood', () => {
    const document = '<a:Part x="1"><ETag>&quot;ab&#65;&#x42;&amp;&quot;</ETag></a:Part><Part/>';
    expect(xmlText(xmlElements(document, 'Part')[0] ?? '', 'ETag')).toBe('"abAB&"');
    expect(xmlElements('<Part>'.repeat(10_000), 'Part')).toEqual([]);
  });
});

test('the etag of a multipart object is the MD5 of the MD5s', () => {
  const md5 = (text: string) => createHash('md5').update(text).digest();
  const expected = createHash('md5').update(md5('one')).update(md5('two')).digest('hex');
  expect(multipartEtag([md5('one').toString('hex'), md5('two').toString('hex')])).toBe(
    `${expected}-2`,
  );
});

// The examples of "Signature Calculations for the Authorization Header" and "Using Query Parameters"
// of the Amazon S3 API reference.
describe('Signature Version 4', () => {
  const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const scope: Scope = { day: '20130524', region: 'us-east-1', service: 's3' };
  const time = '20130524T000000Z';
  const key = signingKey(secretAccessKey, scope);
  const host = 'examplebucket.s3.amazonaws.com';
  const emptyHash = sha256Hex('');

  function sign(request: {
    method?: string;
    path?: string;
    query?: string;
    headers?: Record<string, string>;
    payloadHash?: string;
  }): string {
    const payloadHash = request.payloadHash ?? emptyHash;
    const headers: Record<string, string> = {
      host,
      'x-amz-content-sha256': payloadHash,
      'x-amz-date': time,
      ...request.headers,
    };
    return signRequest(
      {
        method: request.method ?? 'GET',
        path: request.path ?? '/',
        query: request.query ?? '',
        headers,
        signedHeaders: Object.keys(headers).sort(),
        payloadHash,
      },
      { key, time, scope },
    );
  }

  test('published examples: headers', () => {
    expect(sign({ path: '/test.txt', headers: { range: 'bytes=0-9' } })).toBe(
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
    expect(
      sign({
        method: 'PUT',
        path: '/test$file.text',
        payloadHash: sha256Hex('Welcome to Amazon S3.'),
        headers: {
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        },
      }),
    ).toBe('98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd');
    expect(sign({ query: 'lifecycle' })).toBe(
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    );
    expect(sign({ query: 'max-keys=2&prefix=J' })).toBe(
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    );
  });

  test('published example: presigned URL', () => {
    const presign = createPresigner({
      origin: `https://${host}`,
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey },
      now: new Date('2013-05-24T00:00:00Z'),
      expiresIn: 86_400,
    });
    const url = presign({ method: 'GET', path: '/test.txt' });
    expect(new URL(url).searchParams.get('X-Amz-Signature')).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });

  const seed = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9';
  const chunks = [
    ['10000', 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'],
    ['400', '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'],
    ['0', 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'],
  ] as const;
  const signed = Buffer.concat(
    chunks.flatMap(([size, signature]) => [
      Buffer.from(`${size};chunk-signature=${signature}\r\n`),
      Buffer.alloc(parseInt(size, 16), 'a'),
      Buffer.from('\r\n'),
    ]),
  );
  const access = {
    signer: { key, time, scope, signature: seed },
    payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  };

  test('published example: a body signed in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 70_000 })), async (cuts) => {
        const pieces: Buffer[] = [];
        let rest = signed;
        for (const cut of cuts) {
          pieces.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        const source = Readable.from([...pieces, rest].filter(({ length }) => length > 0));
        const body = await buffer(source.pipe(new ChunkedBody(access)));
        expect(body.equals(Buffer.alloc(66_560, 'a'))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('a chunk that is not as it was signed is refused', async () => {
    const changed = Buffer.from(signed);
    changed[200] = 98;
    const read = (content: Buffer) =>
      buffer(Readable.from([content]).pipe(new ChunkedBody(access)));
    await expect(read(changed)).rejects.toThrow('A chunk of the body does not match its signature');
    await expect(read(signed.subarray(0, 66_000))).rejects.toThrow('aws-chunked');
    await expect(read(Buffer.from('1\r\na\r\n0\r\n\r\n'))).rejects.toThrow('signature');
    await expect(read(Buffer.alloc(10_000, 'x'))).rejects.toThrow('aws-chunked');
    const unsigned = { ...access, payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
    const plain = Buffer.from('3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n');
    const body = Readable.from([plain]).pipe(new ChunkedBody(unsigned));
    expect((await buffer(body)).toString()).toBe('abc');
  });
});

describe('access to the storage', () => {
  const now = new Date('2026-01-02T03:04:05Z');
  const world = {
    now: () => now,
    urls: { base: () => 'http://127.0.0.1:80' },
    secret: (purpose: string) => createHash('sha256').update(purpose).digest(),
  };

  function requestOf(url: string, options: Partial<StorageRequest> = {}): StorageRequest {
    const { pathname, search, searchParams, host } = new URL(url);
    return {
      method: 'GET',
      path: pathname,
      query: search.slice(1),
      parameters: new Map(searchParams),
      headers: { host },
      ...options,
    };
  }

  function presign(options: { at?: Date; headers?: Record<string, string> } = {}): string {
    return createPresigner({
      origin: 'http://127.0.0.1:80',
      credentials: serverCredentials(world),
      now: options.at ?? now,
      expiresIn: 60,
    })({
      method: 'PUT',
      path: "/storage/b/a%20b/%C3%A9'",
      query: { 'response-content-type': 'text/plain; a=b+c' },
      headers: options.headers,
    });
  }

  const codeOf = (request: StorageRequest): string | undefined => {
    try {
      authenticate(world, request);
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  test('a presigned URL is good only for the request that it was signed for', () => {
    const put = { method: 'PUT' };
    expect(codeOf(requestOf(presign(), put))).toBeUndefined();
    expect(codeOf(requestOf(presign()))).toBe('SignatureDoesNotMatch');
    const elsewhere = presign().replaceAll('127.0.0.1', 'other.example.org');
    expect(codeOf(requestOf(elsewhere, put))).toBeUndefined();
    for (const [from, to] of [
      ['a%20b', 'a%20c'],
      ['text%2Fplain', 'text%2Fhtml'],
      ['X-Amz-Expires=60', 'X-Amz-Expires=6000'],
      ['X-Amz-Signature=', 'X-Amz-Signature=0'],
    ] as const) {
      expect(presign()).toContain(from);
      expect(codeOf(requestOf(presign().replace(from, to), put))).toBe('SignatureDoesNotMatch');
    }
    expect(codeOf(requestOf(`${presign()}&extra=1`, put))).toBe('SignatureDoesNotMatch');
    const early = presign({ at: new Date(now.getTime() - 60_000) });
    expect(() => authenticate(world, requestOf(early, put))).toThrow('Request has expired');
    const late = presign({ at: new Date(now.getTime() + 16 * 60_000) });
    expect(() => authenticate(world, requestOf(late, put))).toThrow('Request is not valid yet');
  });

  test('an encoding that means the same is the same', () => {
    const url = presign().replace('a%20b', 'a b').replace('%C3%A9', 'é').replaceAll('%20', '+');
    expect(codeOf(requestOf(url, { method: 'PUT' }))).toBeUndefined();
  });

  test('every signed header must be sent', () => {
    const url = presign({ headers: { 'Content-Type': 'text/x', 'x-amz-copy-source': 'b/k' } });
    const headers = { host: '127.0.0.1', 'content-type': 'text/x', 'x-amz-copy-source': 'b/k' };
    const send = (changes: Record<string, string | undefined>) =>
      codeOf(requestOf(url, { method: 'PUT', headers: { ...headers, ...changes } }));
    expect(send({})).toBeUndefined();
    expect(send({ range: 'bytes=0-1' })).toBeUndefined();
    expect(send({ 'content-type': 'text/y' })).toBe('SignatureDoesNotMatch');
    expect(send({ 'content-type': undefined })).toBe('SignatureDoesNotMatch');
    expect(send({ 'x-amz-copy-source-range': 'bytes=0-1' })).toBe('AccessDenied');
  });

  test('malformed queries are told apart from wrong ones', () => {
    const codes = (change: (url: string) => string) =>
      codeOf(requestOf(change(presign()), { method: 'PUT' }));
    expect(codes((url) => url.replace(/&X-Amz-Date=[^&]*/, ''))).toBe(
      'AuthorizationQueryParametersError',
    );
    expect(codes((url) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801'))).toBe(
      'AuthorizationQueryParametersError',
    );
    expect(codes((url) => url.replace('us-east-1', 'eu-west-1'))).toBe(
      'AuthorizationQueryParametersError',
    );
    expect(codes((url) => url.replace('AKIALOCAL', 'AKIAOTHER'))).toBe('InvalidAccessKeyId');
    expect(codeOf(requestOf('http://h/storage/b/k'))).toBe('AccessDenied');
    expect(
      codeOf(requestOf('http://h/storage/b/k', { headers: { authorization: 'Bearer x' } })),
    ).toBe('InvalidRequest');
  });

  test('a session token carries a grant that cannot be changed', () => {
    const grant = {
      userId: 1,
      bucket: 'b',
      prefix: 'p',
      canWrite: false,
      expiresAt: now.getTime() + 1000,
    };
    const credentials = createSession(world, grant);
    const sign = (keys: Credentials) =>
      createPresigner({ origin: 'http://h', credentials: keys, now, expiresIn: 60 })({
        method: 'GET',
        path: '/storage/b/p/k',
      });
    const url = (sessionToken: string) => sign({ ...credentials, sessionToken });
    expect(authenticate(world, requestOf(sign(credentials))).session).toEqual(grant);
    const [payload = '', mark = ''] = (credentials.sessionToken ?? '').split('.');
    const wider = Buffer.from(JSON.stringify({ ...grant, canWrite: true })).toString('base64url');
    expect(codeOf(requestOf(url(`${wider}.${mark}`)))).toBe('InvalidToken');
    expect(codeOf(requestOf(url(payload)))).toBe('InvalidToken');
    const other = createSession(world, { ...grant, canWrite: true }).sessionToken ?? '';
    expect(codeOf(requestOf(url(other)))).toBe('InvalidAccessKeyId');
    const stale = createSession(world, { ...grant, expiresAt: now.getTime() });
    expect(codeOf(requestOf(sign(stale)))).toBe('ExpiredToken');
  });
});
