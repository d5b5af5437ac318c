import { createCipheriv, createHash } from 'node:crypto';
import { request, type IncomingHttpHeaders } from 'node:http';

import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import type { Session } from './entitySession.js';

export const fileTypes = 'org.sagebionetworks.repo.model.file';
export const mebibyte = 1024 ** 2;

export function md5Of(content: Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}

/** Bytes that look random and are the same in every run. */
export function bytesOf(size: number, seed = 1): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(size));
}

/** An answer of the storage. */
export interface StorageAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** One request with node:http, whose headers are exactly those given. Rejects when the connection breaks. */
export function storage(
  url: string,
  sent: { method?: string; headers?: Record<string, string>; body?: Uint8Array } = {},
): Promise<StorageAnswer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {} } = sent;
    // A connection each: some tests leave a request incomplete.
    const outgoing = request(url, { method, headers, agent: false });
    outgoing.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          });
        });
    });
    outgoing.end(sent.body);
  });
}

/** The S3 error code of an answer. */
export function errorCode(answer: StorageAnswer): string | undefined {
  return /<Code>(.*?)<\/Code>/.exec(answer.body.toString())?.[1];
}

/** A request to begin an upload. */
export function uploadRequest(content: Uint8Array, fields: object = {}): object {
  return {
    concreteType: `${fileTypes}.MultipartUploadRequest`,
    fileName: 'data.bin',
    contentType: 'application/x-test',
    contentMD5Hex: md5Of(content),
    fileSizeBytes: content.length,
    partSizeBytes: 5 * mebibyte,
    ...fields,
  };
}

/** Begins an upload; the answer must be good. */
export async function begin(
  session: Session,
  body: object,
  query = '',
): Promise<Required<M.MultipartUploadStatus>> {
  const answer = await session.post(`/file/v1/file/multipart${query}`, body);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Required<M.MultipartUploadStatus>;
}

/** Presigned URLs for parts; the answer must be good. */
export async function partUrls(
  session: Session,
  uploadId: string,
  partNumbers: number[],
  contentType?: string,
): Promise<Required<M.PartPresignedUrl>[]> {
  const answer = await session.post(`/file/v1/file/multipart/${uploadId}/presigned/url/batch`, {
    uploadId,
    partNumbers,
    ...(contentType !== undefined && { contentType }),
  });
  expect(answer).toMatchObject({ status: 201 });
  const { partPresignedUrls } = answer.body as { partPresignedUrls: object[] };
  return partPresignedUrls as Required<M.PartPresignedUrl>[];
}

export function add(
  session: Session,
  uploadId: string,
  part: { number: number; md5: string },
): Promise<Answer> {
  return session.put(
    `/file/v1/file/multipart/${uploadId}/add/${part.number}?partMD5Hex=${part.md5}`,
  );
}

export function complete(session: Session, uploadId: string): Promise<Answer> {
  return session.put(`/file/v1/file/multipart/${uploadId}/complete`);
}

/** Puts and adds one part; both answers must be good. */
export async function sendPart(
  session: Session,
  uploadId: string,
  part: { number: number; content: Uint8Array },
): Promise<void> {
  const [target] = await partUrls(session, uploadId, [part.number]);
  const put = await storage(target?.uploadPresignedUrl ?? '', {
    method: 'PUT',
    body: part.content,
    headers: { 'content-length': String(part.content.length) },
  });
  expect(put).toMatchObject({ status: 200 });
  const added = await add(session, uploadId, { number: part.number, md5: md5Of(part.content) });
  expect(added).toMatchObject({ status: 201, body: { addPartState: 'ADD_SUCCESS' } });
}

/** Uploads a file from beginning to end and returns its handle. */
export async function uploadFile(
  session: Session,
  content: Uint8Array,
  fields: object = {},
): Promise<Required<M.S3FileHandle>> {
  const { uploadId, partsState } = await begin(session, uploadRequest(content, fields));
  for (let number = 1; number <= partsState.length; number += 1) {
    if (partsState[number - 1] === '1') continue;
    const start = (number - 1) * 5 * mebibyte;
    await sendPart(session, uploadId, {
      number,
      content: content.subarray(start, start + 5 * mebibyte),
    });
  }
  const completed = await complete(session, uploadId);
  expect(completed).toMatchObject({ status: 201, body: { state: 'COMPLETED' } });
  const { resultFileHandleId } = completed.body as { resultFileHandleId: string };
  const handle = await session.get(`/file/v1/fileHandle/${resultFileHandleId}`);
  expect(handle).toMatchObject({ status: 200 });
  return handle.body as Required<M.S3FileHandle>;
}

/** Presigned URL for the content of a handle of this user. */
export async function contentUrl(session: Session, handleId: string): Promise<string> {
  const answer = await session.get(`/file/v1/fileHandle/${handleId}/url?redirect=false`);
  expect(answer).toMatchObject({ status: 200 });
  return String(answer.body);
}
