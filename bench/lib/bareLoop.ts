import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import type * as M from '../../generated/models.js';

/**
 * The requests of `store -r` and `get -r` for a folder of small files, and nothing else: no client is faster than this.
 * `node bareLoop.mjs up|down ENDPOINT TOKEN PARENT DIRECTORY`
 */
const [direction, endpoint = '', token = '', parentId = '', directory = ''] = process.argv.slice(2);
const parallel = 16;
const agent = new Agent({ keepAlive: true });

function send(
  method: string,
  url: string,
  { body, headers }: { body?: string | Buffer | undefined; headers?: Record<string, string> } = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const text = body === undefined ? undefined : JSON.stringify(body);
  return JSON.parse((await send(method, endpoint + path, { body: text, headers })).toString()) as T;
}

async function inPool<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

async function upload(name: string): Promise<void> {
  const content = readFileSync(join(directory, name));
  const md5 = createHash('md5').update(content).digest('hex');
  const multipart = '/file/v1/file/multipart';
  const { uploadId } = await call<M.MultipartUploadStatus>('POST', multipart, {
    concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
    fileName: name,
    fileSizeBytes: content.length,
    partSizeBytes: 8 * 1024 * 1024,
    contentMD5Hex: md5,
    contentType: 'application/octet-stream',
    generatePreview: true,
  });
  const { partPresignedUrls } = await call<M.BatchPresignedUploadUrlResponse>(
    'POST',
    `${multipart}/${uploadId}/presigned/url/batch`,
    { uploadId, partNumbers: [1] },
  );
  await send('PUT', partPresignedUrls[0]?.uploadPresignedUrl ?? '', { body: content });
  await call('PUT', `${multipart}/${uploadId}/add/1?partMD5Hex=${md5}`);
  const { resultFileHandleId } = await call<M.MultipartUploadStatus>(
    'PUT',
    `${multipart}/${uploadId}/complete`,
  );
  await call('POST', '/repo/v1/entity', {
    concreteType: 'org.sagebionetworks.repo.model.FileEntity',
    name,
    parentId,
    dataFileHandleId: resultFileHandleId,
  });
}

async function children(): Promise<string[]> {
  const ids: string[] = [];
  let nextPageToken: string | undefined;
  do {
    const body = { parentId, includeTypes: ['file', 'folder', 'link'], nextPageToken };
    const page = await call<M.EntityChildrenResponse>('POST', '/repo/v1/entity/children', body);
    ids.push(...page.page.map(({ id }) => id));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken !== undefined);
  return ids;
}

async function downloadAll(): Promise<void> {
  const ids = await children();
  const wanted: M.FileHandleAssociation[] = [];
  await inPool(ids, async (id) => {
    const { fileHandles } = await call<M.EntityBundle>('POST', `/repo/v1/entity/${id}/bundle2`, {
      includeEntity: true,
      includeAnnotations: true,
      includeFileHandles: true,
      includeRestrictionInformation: true,
    });
    wanted.push({
      fileHandleId: fileHandles?.[0]?.id,
      associateObjectId: id,
      associateObjectType: 'FileEntity',
    });
  });
  for (let start = 0; start < wanted.length; start += 100) {
    const { requestedFiles } = await call<M.BatchFileResult>('POST', '/file/v1/fileHandle/batch', {
      requestedFiles: wanted.slice(start, start + 100),
      includeFileHandles: true,
      includePreSignedURLs: true,
    });
    await inPool(requestedFiles, async ({ preSignedURL = '', fileHandleId }) => {
      writeFileSync(join(directory, fileHandleId), await send('GET', preSignedURL));
    });
  }
}

if (direction === 'up') await inPool(readdirSync(directory), upload);
else await downloadAll();
agent.destroy();
