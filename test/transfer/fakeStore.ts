import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type * as M from '../../generated/models.js';
import { systemClock, type Clock } from '../../src/net/clock.js';
import { StorageWire, type StorageWireOptions } from '../../src/transfer/storageWire.js';
import { FileHandleBatch } from '../../src/storages/synapse/fileHandleBatch.js';
import type { DownloadContext, UploadContext } from '../../src/storages/synapse/synapseContext.js';
import type { TransferService } from '../../src/storages/synapse/transferService.js';

/** Pauses between attempts are real, and short. */
const hastyClock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms / 50, signal),
};

/** One request that the store got. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
}

/** Answers a request in the place of the store; false lets the store answer. */
export type Fault = (
  request: IncomingMessage,
  response: ServerResponse,
  count: number,
) => boolean | Promise<boolean>;

/** A file in the store. */
export interface StoredObject {
  content: Buffer;
  etag: string;
}

/**
 * A file store on a socket, with presigned URLs that live as long as wanted, and the part of the
 * API that transfers use. What either does wrong is up to the test.
 */
export class FakeStore {
  readonly objects = new Map<string, StoredObject>();
  readonly requests: SeenRequest[] = [];
  /** Names of the operations called, in order. */
  readonly calls: string[] = [];
  readonly uploads: FakeUpload[] = [];
  fault: Fault | undefined;
  /** Called before each operation of the API; may throw in its place. */
  apiFault: ((operation: string, count: number) => void) | undefined;
  /** How many requests one presigned URL is good for. */
  urlUses = Number.POSITIVE_INFINITY;
  handle: Partial<M.S3FileHandle> = {};
  url = '';
  readonly wires: StorageWire[] = [];
  readonly #uses = new Map<string, number>();
  readonly #server = createServer((request, response) => void this.#answer(request, response)).on(
    'checkContinue',
    (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response),
  );

  static async start(): Promise<FakeStore> {
    const store = new FakeStore();
    await new Promise<void>((resolve) => store.#server.listen(0, '127.0.0.1', resolve));
    store.url = `http://127.0.0.1:${(store.#server.address() as AddressInfo).port}`;
    return store;
  }

  async close(): Promise<void> {
    await Promise.all(this.wires.map((wire) => wire.close()));
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What the functions under test need; quick to give up. */
  context(options: StorageWireOptions = {}): DownloadContext & UploadContext {
    const storage = new StorageWire({
      stallTimeout: 5_000,
      retryFor: 0,
      env: {},
      clock: hastyClock,
      ...options,
    });
    this.wires.push(storage);
    const file = this.service();
    return { services: { file }, storage, state: { fileHandles: new FileHandleBatch(file) } };
  }

  /** Stores a file under a file handle id. */
  put(id: string, content: Buffer): StoredObject {
    const object = { content, etag: `"${randomBytes(8).toString('hex')}"` };
    this.objects.set(id, object);
    return object;
  }

  sign(id: string): string {
    const key = randomBytes(8).toString('hex');
    return `${this.url}/${id}?X-Amz-Signature=${key}`;
  }

  count(operation: string): number {
    return this.calls.filter((name) => name === operation).length;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    const { method = '', headers } = request;
    this.requests.push({ method, path: url.pathname, headers });
    response.on('error', () => undefined);
    if ((await this.fault?.(request, response, this.requests.length)) === true) return;
    const key = url.searchParams.get('X-Amz-Signature');
    if (key !== null) {
      const uses = (this.#uses.get(key) ?? 0) + 1;
      this.#uses.set(key, uses);
      if (uses > this.urlUses) {
        refuse(response, 403, 'AccessDenied', 'Request has expired');
        return;
      }
    }
    if (method === 'PUT') await this.#takePart(request, response, url);
    else this.#sendObject(request, response, url.pathname.slice(1));
  }

  #sendObject(request: IncomingMessage, response: ServerResponse, id: string): void {
    const object = this.objects.get(id);
    if (object === undefined) {
      refuse(response, 404, 'NoSuchKey', 'The specified key does not exist.');
      return;
    }
    const { content, etag } = object;
    const condition = request.headers['if-match'];
    if (condition !== undefined && condition !== etag) {
      refuse(response, 412, 'PreconditionFailed', 'The object changed');
      return;
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    if (range === null) {
      response.writeHead(200, { etag, 'content-length': content.length });
      response.end(content);
      return;
    }
    const start = Number(range[1]);
    const last = range[2] === '' ? content.length - 1 : Number(range[2]);
    const end = Math.min(last + 1, content.length);
    if (start >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    response.writeHead(206, {
      etag,
      'content-length': end - start,
      'content-range': `bytes ${start}-${end - 1}/${content.length}`,
    });
    response.end(content.subarray(start, end));
  }

  async #takePart(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [, index, part] = url.pathname.split('/').slice(1);
    if (request.headers.expect !== undefined) response.writeContinue();
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch {
      return;
    }
    this.uploads[Number(index)]?.received.set(Number(part), Buffer.concat(chunks));
    response.writeHead(200, { etag: '"x"' }).end();
  }

  /** The operations of the API, without a socket. */
  service(): TransferService {
    const call = (operation: string): void => {
      this.calls.push(operation);
      this.apiFault?.(operation, this.count(operation));
    };
    const find = (uploadId: string): FakeUpload => {
      const upload = this.uploads[Number(uploadId)];
      if (upload === undefined) throw new Error(`no upload ${uploadId}`);
      return upload;
    };
    return {
      getFileHandleBatch: ({ body }) => {
        call('batch');
        const requestedFiles = (body.requestedFiles ?? []).map(({ fileHandleId = '' }) =>
          this.#describe(fileHandleId),
        );
        return Promise.resolve({ requestedFiles });
      },
      createMultipartUpload: ({ body, forceRestart }) => {
        call('start');
        const key = JSON.stringify(body);
        let index = this.uploads.findLastIndex((upload) => upload.key === key);
        if (index < 0 || forceRestart === true) {
          index = this.uploads.push(new FakeUpload(key, body as M.MultipartUploadRequest)) - 1;
        }
        return Promise.resolve(find(String(index)).status(String(index)));
      },
      getMultipartUploadUrlBatch: ({ uploadId, body }) => {
        call('sign');
        const partPresignedUrls = (body.partNumbers ?? []).map((partNumber) => ({
          partNumber,
          uploadPresignedUrl: this.sign(`upload/${uploadId}/${partNumber}`),
          signedHeaders: { 'x-test-signed': 'yes' },
        }));
        return Promise.resolve({ partPresignedUrls });
      },
      addMultipartUploadPart: ({ uploadId, partNumber, partMD5Hex }) => {
        call('add');
        return Promise.resolve(find(uploadId).add(uploadId, Number(partNumber), partMD5Hex));
      },
      completeMultipartUpload: ({ uploadId }) => {
        call('complete');
        return Promise.resolve(find(uploadId).complete(uploadId));
      },
    };
  }

  #describe(fileHandleId: string): M.FileResult {
    const object = this.objects.get(fileHandleId);
    if (object === undefined) return { fileHandleId, failureCode: 'NOT_FOUND' };
    return {
      fileHandleId,
      preSignedURL: this.sign(fileHandleId),
      fileHandle: {
        concreteType: 'org.sagebionetworks.repo.model.file.S3FileHandle',
        id: fileHandleId,
        contentSize: object.content.length,
        contentMd5: md5(object.content),
        ...this.handle,
      },
    };
  }
}

/** A multipart upload on the server. */
export class FakeUpload {
  readonly key: string;
  readonly request: M.MultipartUploadRequest;
  /** What the store has of the parts. */
  readonly received = new Map<number, Buffer>();
  readonly added = new Set<number>();
  isComplete = false;

  constructor(key: string, request: M.MultipartUploadRequest) {
    this.key = key;
    this.request = request;
  }

  get partCount(): number {
    return Math.ceil((this.request.fileSizeBytes ?? 0) / (this.request.partSizeBytes ?? 1));
  }

  get content(): Buffer {
    return Buffer.concat(
      Array.from(
        { length: this.partCount },
        (_, index) => this.received.get(index + 1) ?? Buffer.alloc(0),
      ),
    );
  }

  add(uploadId: string, partNumber: number, partMD5Hex: string): M.AddPartResponse {
    const part = this.received.get(partNumber);
    const isRight = part !== undefined && md5(part) === partMD5Hex;
    if (isRight) this.added.add(partNumber);
    return {
      uploadId,
      partNumber,
      addPartState: isRight ? 'ADD_SUCCESS' : 'ADD_FAILED',
      ...(isRight ? {} : { errorMessage: 'The provided MD5 does not match' }),
    };
  }

  status(uploadId: string): M.MultipartUploadStatus {
    const state = Array.from({ length: this.partCount }, (_, index) =>
      this.added.has(index + 1) ? '1' : '0',
    );
    return this.isComplete
      ? {
          uploadId,
          state: 'COMPLETED',
          partsState: state.join(''),
          resultFileHandleId: `fh${uploadId}`,
        }
      : { uploadId, state: 'UPLOADING', partsState: state.join('') };
  }

  complete(uploadId: string): M.MultipartUploadStatus {
    if (this.added.size < this.partCount) throw new Error('parts are missing');
    this.isComplete = true;
    return this.status(uploadId);
  }
}

export function md5(content: Buffer): string {
  return createHash('md5').update(content).digest('hex');
}

/** Answers as S3 refuses. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
): void {
  response.writeHead(status, { 'content-type': 'application/xml', connection: 'close' });
  response.end(
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}

/** Bytes that differ from place to place, the same in every run. */
export function bytes(size: number, seed = 1): Buffer {
  const key = Buffer.alloc(16, seed);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}
