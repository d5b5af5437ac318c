import type { CompletedPart } from '@aws-sdk/client-s3';
import { UploadError } from '../errors.js';
import { openScope } from '../http/clock.js';
import type { CommonOptions } from '../options.js';
import { partRange, type ByteRange } from '../transfer/partPlan.js';
import { SourceFile } from '../transfer/sourceFile.js';
import { TransferProgress } from '../transfer/transferProgress.js';
import { prepareUpload, type PreparedUpload } from '../transfer/uploadRequest.js';
import { s3Error } from './s3Error.js';
import type { S3Store } from './s3Store.js';

/** Parts on their way at a time; each is held in memory, for it may have to be sent again. */
const connections = 4;

/** A file to put into a bucket. */
export interface UploadS3Options extends CommonOptions {
  path: string;
  key: string;
  contentType: string;
}

/** What is there now. */
export interface UploadedObject {
  /** Lower-case hexadecimal. */
  md5: string;
  /** Bytes. */
  size: number;
}

/**
 * Puts a local file into a bucket, a large one in parts. Every part is checked against its MD5 by the store; a failure
 * leaves nothing behind.
 *
 * @throws {@link SynapseHttpError} when the store refuses.
 * @throws {@link UploadError} when the file changes meanwhile.
 */
export async function uploadS3(store: S3Store, options: UploadS3Options): Promise<UploadedObject> {
  const { path, key, signal } = options;
  const file = await SourceFile.open(path);
  const progress = new TransferProgress('upload', path, options);
  try {
    const prepared = await prepareUpload(file, options);
    progress.start(file.size);
    const job: UploadJob = { store, options, prepared, file, progress };
    await withAcl((acl) =>
      prepared.plan.partCount === 1 ? putWhole(job, acl) : putParts(job, acl),
    );
    progress.done();
    return { md5: prepared.md5, size: file.size };
  } catch (cause) {
    const error = s3Error(
      `Cannot upload ${path} to the bucket ${store.bucket}`,
      cause,
      `${store.endpoint}/${store.bucket}/${key}`,
      signal,
    );
    progress.failed(error);
    throw error;
  } finally {
    await file.close();
  }
}

interface UploadJob {
  store: S3Store;
  options: UploadS3Options;
  prepared: PreparedUpload;
  file: SourceFile;
  progress: TransferProgress;
}

type Acl = 'bucket-owner-full-control' | undefined;

/** The owner of the bucket is to own the file; buckets without access lists own everything in them anyway. */
async function withAcl(put: (acl: Acl) => Promise<void>): Promise<void> {
  try {
    await put('bucket-owner-full-control');
  } catch (error) {
    const { name, message } = error as Error;
    const isAboutAcl =
      name === 'AccessControlListNotSupported' || message.includes('Invalid canned ACL');
    if (!isAboutAcl) throw error;
    await put(undefined);
  }
}

async function putWhole(
  { store, options, prepared, file, progress }: UploadJob,
  ACL: Acl,
): Promise<void> {
  const { key: Key, contentType: ContentType, signal } = options;
  const Body = await readPart(file, { start: 0, end: file.size });
  await file.checkUnchanged();
  const object = { Bucket: store.bucket, Key, ContentType, ACL };
  const body = { Body, ContentMD5: base64(prepared.md5) };
  await store.client.send(
    new store.sdk.PutObjectCommand({ ...object, ...body }),
    signal ? { abortSignal: signal } : {},
  );
  progress.add(file.size);
}

async function putParts(job: UploadJob, ACL: Acl): Promise<void> {
  const { store, options, file } = job;
  const { sdk, client, bucket: Bucket } = store;
  const { key: Key, contentType: ContentType } = options;
  const scope = openScope(options.signal);
  const abort = { abortSignal: scope.signal };
  const created = await client.send(
    new sdk.CreateMultipartUploadCommand({ Bucket, Key, ContentType, ACL }),
    abort,
  );
  const upload = { Bucket, Key, UploadId: created.UploadId };
  try {
    const Parts = await sendParts(job, upload, scope);
    await file.checkUnchanged();
    await client.send(
      new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
      abort,
    );
  } catch (error) {
    // Parts of an upload that is never completed cost money for as long as the bucket is there.
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  } finally {
    scope.end();
  }
}

async function sendParts(
  { store, prepared, file, progress }: UploadJob,
  upload: { Bucket: string; Key: string; UploadId: string | undefined },
  scope: { signal: AbortSignal; abort: (reason: unknown) => void },
): Promise<CompletedPart[]> {
  const { plan, partMd5s } = prepared;
  const parts: CompletedPart[] = [];
  let next = 1;
  const work = async (): Promise<void> => {
    while (next <= plan.partCount) {
      const PartNumber = next;
      next += 1;
      const range = partRange(file.size, plan.partSize, PartNumber);
      const Body = await readPart(file, range);
      const ContentMD5 = base64(partMd5s[PartNumber - 1] ?? '');
      const command = new store.sdk.UploadPartCommand({ ...upload, PartNumber, Body, ContentMD5 });
      const { ETag } = await store.client.send(command, { abortSignal: scope.signal });
      if (ETag === undefined) {
        throw new UploadError(`The bucket ${store.bucket} did not confirm part ${PartNumber}.`);
      }
      parts[PartNumber - 1] = { PartNumber, ETag };
      progress.add(range.end - range.start);
    }
  };
  const workers = Array.from({ length: Math.min(connections, plan.partCount) }, work);
  try {
    await Promise.all(workers);
  } catch (error) {
    scope.abort(error);
    await Promise.allSettled(workers);
    throw error;
  }
  return parts;
}

async function readPart(file: SourceFile, { start, end }: ByteRange): Promise<Buffer> {
  const part = Buffer.allocUnsafeSlow(end - start);
  await file.readInto(part, start);
  return part;
}

function base64(md5: string): string {
  return Buffer.from(md5, 'hex').toString('base64');
}
