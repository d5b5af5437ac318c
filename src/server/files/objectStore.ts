import { createHash, hash } from 'node:crypto';
import type { Readable } from 'node:stream';

import type { Collection, Index, Store } from '../state/store.js';
import type { Blob, BlobDigest, Blobs } from './blobs.js';
import { BufferPool } from './bufferPool.js';
import type { ByteRange } from './byteRange.js';
import { digestOf, readBytes, SegmentReader } from './segmentReader.js';

/** A range of a blob that is a range of an object. */
export interface Segment {
  readonly blob: string;
  /** Offset in the blob, in bytes. */
  readonly offset: number;
  readonly size: number;
  /** MD5 of the range, if it is the whole blob. */
  readonly md5?: string;
  /** The whole blob, if the range is a part of it. */
  readonly of?: BlobDigest;
}

/** An object or part, with what it needs of blobs. */
export interface ContentUse {
  /** Name in messages. */
  readonly name: string;
  readonly segments: readonly Segment[];
  /** Deletes the record, and no content. */
  readonly forget: () => void;
}

/** Headers that are stored with an object and sent with its content. */
export interface ObjectHeaders {
  readonly contentType?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly cacheControl?: string;
  /** `x-amz-meta-…` headers, keyed by their name without the prefix. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An object of a bucket. Its content may be spread over several blobs and share them. */
export interface StoredObject extends ObjectHeaders {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Without quotes: the MD5, or `<md5>-<parts>` when it was uploaded in parts. */
  readonly etag: string;
  readonly modifiedOn: string;
  readonly segments: readonly Segment[];
}

/** A multipart upload to the store that is not complete yet. */
export interface ObjectUpload extends ObjectHeaders {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly startedOn: string;
}

/** One part of a multipart upload. */
export interface ObjectPart {
  readonly uploadId: string;
  readonly partNumber: number;
  readonly size: number;
  /** MD5 of the part. */
  readonly etag: string;
  readonly modifiedOn: string;
  readonly segments: readonly Segment[];
}

/** Place of an object. */
export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
}

/**
 * Buckets of objects over {@link Blobs}, with the multipart uploads of S3. Records are in the store
 * and change in its transactions. A blob is removed with the last record that uses it.
 */
export class ObjectStore {
  readonly #store: Store;
  readonly #blobs: Blobs;
  readonly #buffers = new BufferPool(readBytes);
  readonly #timestamp: () => string;
  readonly #objects: Collection<StoredObject>;
  readonly #uploads: Collection<ObjectUpload>;
  readonly #parts: Collection<ObjectPart>;
  readonly #objectsByBlob: Index<StoredObject>;
  readonly #objectsByBucket: Index<StoredObject>;
  readonly #partsByBlob: Index<ObjectPart>;
  readonly #partsByUpload: Index<ObjectPart>;
  readonly #uploadsByBucket: Index<ObjectUpload>;

  constructor(world: { store: Store; blobs: Blobs; timestamp: () => string }) {
    this.#store = world.store;
    this.#blobs = world.blobs;
    this.#timestamp = () => world.timestamp();
    this.#objects = world.store.collection<StoredObject>('storage.objects');
    this.#uploads = world.store.collection<ObjectUpload>('storage.uploads');
    this.#parts = world.store.collection<ObjectPart>('storage.parts');
    const blobsOf = (holder: { segments: readonly Segment[] }) =>
      holder.segments.map(({ blob }) => blob);
    this.#objectsByBlob = this.#objects.index('blob', blobsOf);
    this.#objectsByBucket = this.#objects.index('bucket', ({ bucket }) => bucket);
    this.#partsByBlob = this.#parts.index('blob', blobsOf);
    this.#partsByUpload = this.#parts.index('upload', ({ uploadId }) => uploadId);
    this.#uploadsByBucket = this.#uploads.index('bucket', ({ bucket }) => bucket);
  }

  get(name: ObjectName): StoredObject | undefined {
    return this.#objects.get(objectId(name));
  }

  /** Creates or replaces an object with content that is on disk. */
  put(
    name: ObjectName,
    content: { segments: readonly Segment[]; etag: string; headers?: ObjectHeaders },
  ): StoredObject {
    return this.#store.transaction(() => {
      const previous = this.get(name);
      const object: StoredObject = {
        ...content.headers,
        bucket: name.bucket,
        key: name.key,
        size: totalSize(content.segments),
        etag: content.etag,
        modifiedOn: this.#timestamp(),
        segments: content.segments,
      };
      this.#objects.put(objectId(name), object);
      if (previous) this.#release(previous.segments);
      return object;
    });
  }

  /**
   * Runs `record` for content that has just been received. When `record` throws, the content is
   * removed.
   *
   * @param record - runs in a transaction
   */
  async keep<T>(blob: Blob, record: () => T): Promise<T> {
    try {
      return this.#store.transaction(record);
    } catch (error) {
      await this.#blobs.remove(blob.id);
      throw error;
    }
  }

  /** Creates an object from one blob. */
  putBlob(name: ObjectName, blob: Blob, headers?: ObjectHeaders): StoredObject {
    return this.put(name, {
      segments: [wholeBlob(blob)],
      etag: blob.md5,
      ...(headers && { headers }),
    });
  }

  /** Deletes an object, and its content unless another object or part shares it. */
  delete(name: ObjectName): void {
    this.#store.transaction(() => {
      const object = this.get(name);
      if (!object) return;
      this.#objects.delete(objectId(name));
      this.#release(object.segments);
    });
  }

  /** Objects of a bucket in the order of their keys (by code point, as S3 sorts). */
  list(bucket: string, prefix = ''): StoredObject[] {
    return this.#objectsByBucket
      .find(bucket)
      .filter(({ key }) => key.startsWith(prefix))
      .sort((a, b) => compareKeys(a.key, b.key));
  }

  hasBucket(bucket: string): boolean {
    return this.#objectsByBucket.count(bucket) > 0;
  }

  /** Reads a range of an object in constant memory. */
  read(object: StoredObject, range: ByteRange = { start: 0, end: object.size }): Readable {
    return new SegmentReader(this.#blobs, extents(object.segments, range));
  }

  /**
   * Like {@link ObjectStore.read}, at once, for a small range of one blob; `undefined` for others.
   * The content is valid until `release` is called.
   */
  readSmall(
    object: StoredObject,
    range: ByteRange,
  ): { content: Buffer; release: () => void } | undefined {
    const [only, ...others] = extents(object.segments, range);
    if (only === undefined || only.size > this.#buffers.size || others.length > 0) return undefined;
    const buffer = this.#buffers.take();
    const content = buffer.subarray(0, only.size);
    this.#blobs.readInto(content, only.blob, only.offset);
    return { content, release: () => this.#buffers.give(buffer) };
  }

  /** Compares the content of a range with its MD5, unless that was done. @throws BlobDamagedError */
  async check(object: StoredObject, range: ByteRange): Promise<void> {
    for (const segment of extents(object.segments, range)) {
      const digest = digestOf(segment);
      if (digest !== undefined && !this.#blobs.isChecked(segment.blob)) {
        await this.#blobs.check(segment.blob, digest);
      }
    }
  }

  /** Whether {@link ObjectStore.check} has something to do. */
  mustCheck(object: StoredObject, range: ByteRange): boolean {
    return extents(object.segments, range).some(({ blob }) => !this.#blobs.isChecked(blob));
  }

  /** All objects and parts. */
  *uses(): Iterable<ContentUse> {
    for (const [id, { segments }] of this.#objects.entries()) {
      const forget = () => this.#objects.delete(id);
      yield { name: `object ${id}`, segments, forget };
    }
    for (const [id, { segments }] of this.#parts.entries()) {
      const forget = () => this.#parts.delete(id);
      yield { name: `part ${id} of an upload`, segments, forget };
    }
  }

  /** The segments of a range of an object. */
  slice(object: StoredObject, range: ByteRange): Segment[] {
    return extents(object.segments, range);
  }

  /** MD5 of a range of content. The content is read if the MD5 is not known. */
  async md5(segments: readonly Segment[]): Promise<string> {
    const [only, ...others] = segments;
    if (only?.md5 !== undefined && others.length === 0) return only.md5;
    const md5 = createHash('md5');
    for await (const chunk of new SegmentReader(this.#blobs, segments)) {
      md5.update(chunk as Buffer);
    }
    return md5.digest('hex');
  }

  createUpload(id: string, name: ObjectName, headers: ObjectHeaders): ObjectUpload {
    const upload: ObjectUpload = {
      ...headers,
      id,
      bucket: name.bucket,
      key: name.key,
      startedOn: this.#timestamp(),
    };
    this.#uploads.put(id, upload);
    return upload;
  }

  getUpload(id: string): ObjectUpload | undefined {
    return this.#uploads.get(id);
  }

  /** Unfinished uploads to a bucket, by key. */
  listUploads(bucket: string, prefix = ''): ObjectUpload[] {
    return this.#uploadsByBucket
      .find(bucket)
      .filter(({ key }) => key.startsWith(prefix))
      .sort((a, b) => compareKeys(a.key, b.key));
  }

  /** Adds or replaces a part of an upload. */
  putPart(
    upload: { id: string; partNumber: number },
    content: { segments: readonly Segment[]; md5: string },
  ): ObjectPart {
    return this.#store.transaction(() => {
      const id = partId(upload.id, upload.partNumber);
      const previous = this.#parts.get(id);
      const part: ObjectPart = {
        uploadId: upload.id,
        partNumber: upload.partNumber,
        size: totalSize(content.segments),
        etag: content.md5,
        modifiedOn: this.#timestamp(),
        segments: content.segments,
      };
      this.#parts.put(id, part);
      if (previous) this.#release(previous.segments);
      return part;
    });
  }

  deletePart(uploadId: string, partNumber: number): void {
    this.#store.transaction(() => {
      const part = this.#parts.get(partId(uploadId, partNumber));
      if (!part) return;
      this.#parts.delete(partId(uploadId, partNumber));
      this.#release(part.segments);
    });
  }

  /** Parts of an upload in order. */
  parts(uploadId: string): ObjectPart[] {
    return this.#partsByUpload.find(uploadId).sort((a, b) => a.partNumber - b.partNumber);
  }

  /**
   * Combines parts into an object without copying content. Parts that are not listed are deleted.
   */
  completeUpload(upload: ObjectUpload, parts: readonly ObjectPart[]): StoredObject {
    return this.#store.transaction(() => {
      const object = this.put(upload, {
        segments: parts.flatMap(({ segments }) => segments),
        etag: multipartEtag(parts.map(({ etag }) => etag)),
        headers: headersOf(upload),
      });
      this.abortUpload(upload.id);
      return object;
    });
  }

  /** Deletes an upload and its parts. */
  abortUpload(uploadId: string): void {
    this.#store.transaction(() => {
      for (const part of this.#partsByUpload.find(uploadId)) {
        this.deletePart(uploadId, part.partNumber);
      }
      this.#uploads.delete(uploadId);
    });
  }

  isReferenced(blob: string): boolean {
    return this.#objectsByBlob.count(blob) > 0 || this.#partsByBlob.count(blob) > 0;
  }

  /** Deletes content without records, after the change is durable. */
  #release(segments: readonly Segment[]): void {
    this.#store.afterCommit(() => {
      for (const blob of new Set(segments.map((segment) => segment.blob))) {
        // Files that cannot be removed now are removed by the sweep at the next start.
        if (!this.isReferenced(blob)) this.#blobs.remove(blob).catch(() => undefined);
      }
    });
  }
}

/** The headers of an object, an upload or a similar record. */
export function headersOf(from: ObjectHeaders): ObjectHeaders {
  const { contentType, contentDisposition, contentEncoding, cacheControl, metadata } = from;
  return {
    ...(contentType !== undefined && { contentType }),
    ...(contentDisposition !== undefined && { contentDisposition }),
    ...(contentEncoding !== undefined && { contentEncoding }),
    ...(cacheControl !== undefined && { cacheControl }),
    ...(metadata !== undefined && { metadata }),
  };
}

/** The segment that contains a whole blob. */
export function wholeBlob(blob: Blob): Segment {
  return { blob: blob.id, offset: 0, size: blob.size, md5: blob.md5 };
}

/** Etag of an object uploaded in parts: the MD5 of the MD5s of the parts, and their number. */
export function multipartEtag(md5s: readonly string[]): string {
  return `${hash('md5', Buffer.from(md5s.join(''), 'hex'))}-${md5s.length}`;
}

function objectId({ bucket, key }: ObjectName): string {
  return `${bucket}/${key}`;
}

function partId(uploadId: string, partNumber: number): string {
  return `${uploadId}/${partNumber}`;
}

function totalSize(segments: readonly Segment[]): number {
  return segments.reduce((sum, { size }) => sum + size, 0);
}

function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function extents(segments: readonly Segment[], range: ByteRange): Segment[] {
  const found: Segment[] = [];
  let position = 0;
  for (const segment of segments) {
    const start = Math.max(range.start - position, 0);
    const end = Math.min(range.end - position, segment.size);
    if (start === 0 && end === segment.size) found.push(segment);
    else if (start < end) {
      const of = digestOf(segment);
      found.push({
        blob: segment.blob,
        offset: segment.offset + start,
        size: end - start,
        ...(of && { of }),
      });
    }
    position += segment.size;
  }
  return found;
}
