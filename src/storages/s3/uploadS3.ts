import { basename, join } from 'node:path';
import type { CompletedPart } from '@aws-sdk/client-s3';
import { NetworkError, SynapseHttpError, UploadError } from '../../errors.js';
import { withOwnSignal } from '../../net/withOwnSignal.js';
import type { CommonOptions } from '../../options.js';
import { runPool } from '../../transfer/pool.js';
import { partRange, type ByteRange } from '../../transfer/partPlan.js';
import { SourceFile } from '../../transfer/sourceFile.js';
import { TransferProgress } from '../../transfer/transferProgress.js';
import { prepareUpload, type PreparedUpload } from '../../transfer/prepareUpload.js';
import { openPendingUpload, type PendingUpload } from '../pendingUploads.js';
import { s3Error } from './s3Error.js';
import type { S3Store } from './bucket.js';
import type { StorageContext } from '../storageContext.js';

/** Concurrent parts. Each is kept in memory, because it may have to be sent again. */
const connections = 4;

/** A file to upload to a bucket. */
export interface UploadS3Options extends CommonOptions {
  path: string;
  /** The key of the object. A resumed upload keeps its original key. */
  key: string;
  contentType: string;
  /** The Synapse folder of the file. */
  parentId: string;
}

/** The uploaded file. */
export interface UploadedObject {
  /** Lower-case hexadecimal. */
  md5: string;
  /** Bytes. */
  size: number;
}

/**
 * Uploads a local file to a bucket, a large one in parts. The store checks the MD5 of every part. After a crash or a broken
 * connection, the next attempt resumes. After any other failure, nothing remains in the bucket.
 *
 * @throws {@link SynapseHttpError} when the store refuses.
 * @throws {@link UploadError} when the file changes during the upload.
 */
export async function uploadS3(
  ctx: Pick<StorageContext, 'storage' | 'cache'>,
  store: S3Store,
  options: UploadS3Options,
): Promise<UploadedObject & { key: string }> {
  const { path, signal } = options;
  const file = await SourceFile.open(path);
  const progress = new TransferProgress('upload', path, options);
  try {
    const prepared = await prepareUpload(file, options);
    const key = await withOwnSignal(signal, (own) => {
      const job = { ctx, store, options: { ...options, signal: own }, prepared, file, progress };
      return withAcl((acl) =>
        prepared.plan.partCount === 1 ? putWhole(job, acl) : putParts(job, acl),
      );
    });
    progress.done();
    return { md5: prepared.md5, size: file.size, key };
  } catch (cause) {
    const error = s3Error(
      `Cannot upload ${path} to the bucket ${store.bucket}`,
      cause,
      `${store.endpoint}/${store.bucket}/${options.key}`,
      signal,
    );
    progress.failed(error);
    throw error;
  } finally {
    await file.close();
  }
}

interface UploadJob {
  ctx: Pick<StorageContext, 'storage' | 'cache'>;
  store: S3Store;
  options: UploadS3Options;
  prepared: PreparedUpload;
  file: SourceFile;
  progress: TransferProgress;
}

type Acl = 'bucket-owner-full-control' | undefined;

/** Makes the owner of the bucket the owner of the file. In buckets without access lists, this is always the case. */
async function withAcl<T>(put: (acl: Acl) => Promise<T>): Promise<T> {
  try {
    return await put('bucket-owner-full-control');
  } catch (error) {
    const { name, message } = error as Error;
    const isAboutAcl =
      name === 'AccessControlListNotSupported' || message.includes('Invalid canned ACL');
    if (!isAboutAcl) throw error;
    return put(undefined);
  }
}

async function putWhole(
  { ctx, store, options, prepared, file, progress }: UploadJob,
  ACL: Acl,
): Promise<string> {
  const { key: Key, contentType: ContentType, signal } = options;
  progress.start(file.size);
  const Body = await readPart(file, { start: 0, end: file.size });
  await file.checkUnchanged();
  await ctx.storage.pace(file.size, signal);
  const object = { Bucket: store.bucket, Key, ContentType, ACL };
  const body = { Body, ContentMD5: base64(prepared.md5) };
  await store.client.send(new store.sdk.PutObjectCommand({ ...object, ...body }), {
    abortSignal: signal,
  });
  progress.add(file.size);
  return Key;
}

async function putParts(job: UploadJob, acl: Acl): Promise<string> {
  const { ctx, store, options, prepared, file } = job;
  const { root, isUsed } = ctx.cache;
  const { plan } = prepared;
  const target = [store.endpoint, store.bucket, options.parentId, basename(options.key)];
  const pending = await openPendingUpload(isUsed ? join(root, '.uploads') : undefined, [
    ...target,
    file.identity,
    prepared.md5,
    plan.partSize,
  ]);
  const { signal } = options;
  let upload: S3Upload | undefined;
  try {
    const { there, ...begun } = await begin(job, pending, acl, signal);
    upload = begun;
    await pending.keep({ key: upload.Key, uploadId: upload.UploadId });
    const Parts = await sendParts(job, upload, there, signal);
    await file.checkUnchanged();
    await store.client.send(
      new store.sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
      { abortSignal: signal },
    );
    await pending.forget();
    return upload.Key;
  } catch (error) {
    if (upload !== undefined && isPassing(error, options.signal)) pending.leave();
    else {
      await pending.forget();
      // The owner of the bucket pays for parts of an upload that is never completed.
      if (upload !== undefined) await abandon(store, upload);
    }
    throw error;
  }
}

interface S3Upload {
  Bucket: string;
  Key: string;
  UploadId: string;
}

/** Resumes an interrupted upload, or starts a new one. @returns the upload, and the existing parts */
async function begin(
  { store, options, prepared, file }: UploadJob,
  { found }: PendingUpload,
  ACL: Acl,
  abortSignal: AbortSignal | undefined,
): Promise<S3Upload & { there: Map<number, string> }> {
  const { sdk, client, bucket: Bucket } = store;
  const { key, uploadId } = found ?? {};
  if (key !== undefined && uploadId !== undefined) {
    const upload = { Bucket, Key: key, UploadId: uploadId };
    try {
      return { ...upload, there: await partsThere(store, upload, prepared, file.size) };
    } catch (error) {
      abortSignal?.throwIfAborted();
      if ((error as Error).name !== 'NoSuchUpload') throw error;
    }
  }
  const { key: Key, contentType: ContentType } = options;
  const { UploadId } = await client.send(
    new sdk.CreateMultipartUploadCommand({ Bucket, Key, ContentType, ACL }),
    { abortSignal },
  );
  if (UploadId === undefined) {
    throw new UploadError(`The bucket ${Bucket} returned no upload id.`);
  }
  return { Bucket, Key, UploadId, there: new Map() };
}

/** The parts of an earlier attempt that have the right content, with their ETags, which are their MD5s. */
async function partsThere(
  { sdk, client }: S3Store,
  upload: S3Upload,
  { plan, partMd5s }: PreparedUpload,
  size: number,
): Promise<Map<number, string>> {
  const there = new Map<number, string>();
  const pages = sdk.paginateListParts({ client }, upload);
  for await (const { Parts = [] } of pages) {
    for (const { PartNumber = 0, ETag = '', Size } of Parts) {
      const { start, end } = partRange(size, plan.partSize, PartNumber);
      const isRight = ETag.replaceAll('"', '') === partMd5s[PartNumber - 1] && Size === end - start;
      if (isRight) there.set(PartNumber, ETag);
    }
  }
  return there;
}

async function abandon({ client, sdk }: S3Store, upload: S3Upload): Promise<void> {
  await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
}

/** Whether a later attempt may succeed. */
function isPassing(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted === true) return false;
  const known = s3Error('', error, '');
  return known instanceof SynapseHttpError ? known.status >= 500 : known instanceof NetworkError;
}

async function sendParts(
  { ctx, store, prepared, file, progress }: UploadJob,
  upload: S3Upload,
  there: ReadonlyMap<number, string>,
  signal: AbortSignal | undefined,
): Promise<CompletedPart[]> {
  const { plan, partMd5s } = prepared;
  const rangeOf = (number: number): ByteRange => partRange(file.size, plan.partSize, number);
  const sizeOf = (number: number): number => rangeOf(number).end - rangeOf(number).start;
  const parts: CompletedPart[] = [];
  for (const [PartNumber, ETag] of there) parts[PartNumber - 1] = { PartNumber, ETag };
  progress.start(
    file.size,
    [...there.keys()].reduce((sum, number) => sum + sizeOf(number), 0),
  );
  const numbers = Array.from({ length: plan.partCount }, (_, index) => index + 1);
  const missing = numbers.filter((number) => !there.has(number));
  const options = { limit: connections, signal };
  await runPool(missing, options, async (PartNumber, abortSignal) => {
    const Body = await readPart(file, rangeOf(PartNumber));
    const ContentMD5 = base64(partMd5s[PartNumber - 1] ?? '');
    const command = new store.sdk.UploadPartCommand({ ...upload, PartNumber, Body, ContentMD5 });
    await ctx.storage.pace(Body.length, abortSignal);
    const { ETag } = await store.client.send(command, { abortSignal });
    if (ETag === undefined) {
      throw new UploadError(`The bucket ${store.bucket} did not confirm part ${PartNumber}.`);
    }
    parts[PartNumber - 1] = { PartNumber, ETag };
    progress.add(Body.length);
  });
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
