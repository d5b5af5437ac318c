import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ArgumentError,
  AsyncJobError,
  AuthenticationError,
  ConfigError,
  DownloadError,
  FileSystemError,
  Md5MismatchError,
  NetworkError,
  NoCredentialsError,
  NotFoundError,
  RateLimitError,
  redactText,
  redactUrl,
  SynapseError,
  SynapseHttpError,
  TimeoutError,
  UnmetAccessRestrictionError,
  UploadError,
} from '../src/errors.js';

const http = {
  status: 404,
  reason: 'gone',
  method: 'GET',
  url: 'https://x.org/repo/v1/entity/syn1',
};

describe('the hierarchy', () => {
  test.each<[SynapseError, string, string]>([
    [new NotFoundError('m', http), 'NotFoundError', 'NOT_FOUND'],
    [new SynapseHttpError('m', http), 'SynapseHttpError', 'HTTP'],
    [new NetworkError('m'), 'NetworkError', 'NETWORK'],
    [new TimeoutError('m'), 'TimeoutError', 'TIMEOUT'],
    [new ArgumentError('m'), 'ArgumentError', 'ARGUMENT'],
    [
      new Md5MismatchError({ path: 'p', expected: 'a', actual: 'b' }),
      'Md5MismatchError',
      'MD5_MISMATCH',
    ],
    [new FileSystemError('m', { path: 'p', code: 'ENOENT' }), 'FileSystemError', 'ENOENT'],
    [new UploadError('m', { uploadId: '1', missingParts: [2] }), 'UploadError', 'UPLOAD'],
    [new DownloadError('m'), 'DownloadError', 'DOWNLOAD'],
    [
      new UnmetAccessRestrictionError('m'),
      'UnmetAccessRestrictionError',
      'UNMET_ACCESS_RESTRICTION',
    ],
    [new AsyncJobError('m', { jobId: '7' }), 'AsyncJobError', 'ASYNC_JOB'],
    [new ConfigError('m', { path: 'p', line: 3 }), 'ConfigError', 'CONFIG'],
    [new NoCredentialsError(), 'NoCredentialsError', 'NO_CREDENTIALS'],
  ])('%p', (error, name, code) => {
    expect(error).toBeInstanceOf(SynapseError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name, code });
    expect(String(error)).toContain(name);
  });

  test('an error of one status is one of all answers', () => {
    expect(new NotFoundError('m', http)).toBeInstanceOf(SynapseHttpError);
    expect(new NoCredentialsError()).not.toBeInstanceOf(AuthenticationError);
  });

  test('the cause is kept when one is given', () => {
    const cause = new Error('why');
    expect(new NetworkError('m', { cause }).cause).toBe(cause);
    expect('cause' in new NetworkError('m')).toBe(false);
  });

  test('members that say more', () => {
    expect(new RateLimitError('m', { ...http, status: 429, retryAfter: 4000 }).retryAfter).toBe(
      4000,
    );
    expect(new UploadError('m', { uploadId: '1', missingParts: [2] })).toMatchObject({
      uploadId: '1',
      missingParts: [2],
    });
    expect(new ConfigError('m', { path: '/etc/x', line: 3 })).toMatchObject({
      path: '/etc/x',
      line: 3,
    });
    expect(new Md5MismatchError({ path: '/f', expected: 'aa', actual: 'bb' }).message).toContain(
      'The MD5 of /f is bb but should be aa',
    );
  });

  test('printing an error shows neither the body nor the query of a presigned URL', () => {
    const error = new SynapseHttpError('m', {
      ...http,
      url: 'https://bucket.s3.amazonaws.com/k?X-Amz-Signature=canary&X-Amz-Credential=canary',
      body: { twoFaToken: 'canary' },
    });
    expect(inspect(error, { depth: 5 })).not.toContain('canary');
    expect(JSON.stringify(error)).not.toContain('canary');
    expect(error.body).toEqual({ twoFaToken: 'canary' });
  });
});

describe('secrets in URLs and text', () => {
  test.each([
    ['https://h/p?X-Amz-Signature=c&X-Amz-Expires=3', 'https://h/p'],
    ['https://h/p?AWSAccessKeyId=c&Expires=1&Signature=c', 'https://h/p'],
    [
      'https://h/p?X-Goog-Signature=c&response-content-type=a',
      'https://h/p?response-content-type=a',
    ],
    ['https://h/p?GoogleAccessId=c&Signature=c', 'https://h/p'],
    ['https://h/p?sv=2&sr=b&sig=c&se=x&sp=r', 'https://h/p'],
    ['https://h/p?Policy=c&Key-Pair-Id=c', 'https://h/p'],
    ['https://h/p?access_token=c&limit=2', 'https://h/p?limit=2'],
    ['https://h/p?token=c#access_token=c', 'https://h/p'],
    ['https://user:c@h/p', 'https://h/p'],
    ['https://h/p?limit=10&nextPageToken=50a50', 'https://h/p?limit=10&nextPageToken=50a50'],
    ['/repo/v1/x?redirect=false', '/repo/v1/x?redirect=false'],
    ['https://h/p?', 'https://h/p'],
  ])('%s', (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });

  test('in the middle of a text', () => {
    expect(redactText('GET https://b/k?X-Amz-Signature=c failed, "https://h/?sig=c".')).toBe(
      'GET https://b/k failed, "https://h/".',
    );
    expect(redactText('Authorization: Bearer abc.DEF-_~+/= was refused')).toBe(
      'Authorization: Bearer *** was refused',
    );
  });

  test('no secret comes through wherever it stands among other parameters', () => {
    const secret = fc.constantFrom(
      'X-Amz-Signature',
      'Signature',
      'sig',
      'accessToken',
      'x-goog-credential',
    );
    const harmless = fc.constantFrom(
      'limit',
      'offset',
      'versionId',
      'response-content-disposition',
    );
    fc.assert(
      fc.property(secret, fc.array(harmless), fc.array(harmless), (name, before, after) => {
        const pairs = [
          ...before.map((n) => `${n}=1`),
          `${name}=canary`,
          ...after.map((n) => `${n}=2`),
        ];
        const redacted = redactUrl(`https://h/p?${pairs.join('&')}`);
        return (
          !redacted.includes('canary') &&
          redacted.split('=').length === before.length + after.length + 1
        );
      }),
    );
  });
});
