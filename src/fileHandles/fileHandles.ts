import type { Readable } from 'node:stream';
import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import type { DownloadStreamOptions } from '../transfer/downloadStream.js';
import type { CopiedFileHandle, FileHandleToCopy } from './copyFileHandles.js';
import type { ExternalFile } from './createExternal.js';
import type { DownloadFileHandleOptions } from './downloadFileHandle.js';
import type { FileToDownload } from './openFile.js';
import type { FileContent, UploadFileHandleOptions } from './uploadFileHandle.js';

/**
 * The content of files, apart from the entities, tables, wiki pages and messages that refer to it: `syn.fileHandles`.
 */
export class FileHandles {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Uploads content and creates a file handle for it. An interrupted upload of the same content resumes; content that the
   * caller has uploaded before is not sent again.
   *
   * @param content - The path of a local file, or bytes, a stream of them, or a `Blob`. All but a path and a `File` of the web need a
   * `fileName`; a stream is copied to a temporary file first. To upload a text, pass `Buffer.from(text)`.
   * @returns The file handle.
   * @throws {@link ArgumentError} when the content is empty, or bytes have no file name.
   * @throws {@link FileSystemError} when the local file cannot be read.
   * @throws {@link UploadError} when parts cannot be sent. Call again to resume.
   * @see https://rest-docs.synapse.org/rest/POST/file/multipart.html
   */
  async upload(content: FileContent, options: UploadFileHandleOptions = {}): Promise<M.FileHandle> {
    const { uploadFileHandle } = await import('./uploadFileHandle.js');
    return uploadFileHandle(this.#ctx, content, options);
  }

  /**
   * Creates a file handle for content that is stored already: at a URL, in a bucket of your own, in an object store, or behind a proxy.
   * The content is not sent. A file entity refers to it with `dataFileHandleId`.
   *
   * @param file - The `kind`, where the content is, and what is known about it. With the `path` of a local copy, its name, size and MD5
   * are read from that.
   * @returns The file handle.
   * @throws {@link ArgumentError} for what is missing or wrong, before anything is sent.
   * @throws {@link FileSystemError} when the local copy cannot be read.
   * @throws {@link AuthorizationError} when another user created the storage location.
   * @throws {@link SynapseHttpError} when Synapse cannot find the object in the bucket.
   * @see https://rest-docs.synapse.org/rest/POST/externalFileHandle.html
   *
   * @example
   * const handle = await syn.fileHandles.createExternal({ kind: 'url', url: 'https://example.org/mice.csv' });
   * await syn.store(new File({ name: 'mice.csv', parent: 'syn123', dataFileHandleId: handle.id }));
   */
  async createExternal(file: ExternalFile, options: CallOptions = {}): Promise<M.FileHandle> {
    const { createExternal } = await import('./createExternal.js');
    return createExternal(this.#ctx, file, options);
  }

  /**
   * Downloads the content of a file handle to a local file. The file appears only when it is complete and its MD5 matches.
   *
   * @param file - A file handle that you own, as `upload` returns it, or its id; or a file handle with an object that gives access
   * to it, such as a table.
   * @returns The path of the file.
   * @throws {@link FileSystemError} when the destination cannot be written, or exists and `overwrite` is not set.
   * @throws {@link NotFoundError} when there is no such file handle, or the object does not refer to it.
   * @throws {@link AuthorizationError} when the caller may not download it.
   * @throws {@link Md5MismatchError} when the downloaded bytes do not match the MD5 that Synapse has.
   * @see https://rest-docs.synapse.org/rest/POST/fileHandle/batch.html
   */
  async download(file: FileToDownload, options: DownloadFileHandleOptions): Promise<string> {
    const { downloadFileHandle } = await import('./downloadFileHandle.js');
    return downloadFileHandle(this.#ctx, file, options);
  }

  /**
   * Streams the content of a file handle, or a range of it. Destroy the stream to stop the download.
   *
   * @returns The bytes. The stream fails at its end when they do not match the MD5 that Synapse has.
   * @throws {@link ArgumentError} for an invalid range.
   * @throws {@link NotFoundError} when there is no such file handle, or the object does not refer to it.
   * @throws {@link AuthorizationError} when the caller may not download it.
   * @see https://rest-docs.synapse.org/rest/POST/fileHandle/batch.html
   */
  async stream(file: FileToDownload, options: DownloadStreamOptions = {}): Promise<Readable> {
    const { downloadStream } = await import('../transfer/downloadStream.js');
    const { openFile } = await import('./openFile.js');
    const open = () => openFile(this.#ctx, file, options);
    return downloadStream(this.#ctx, { ...options, open });
  }

  /**
   * Reads a file handle that the caller owns.
   *
   * @throws {@link NotFoundError} when there is no such file handle.
   * @throws {@link AuthorizationError} when another user owns it.
   * @see https://rest-docs.synapse.org/rest/GET/fileHandle/handleId.html
   */
  get(fileHandleId: string, options: CallOptions = {}): Promise<M.FileHandle> {
    return this.#ctx.services.file.getFileHandle({ handleId: fileHandleId }, options);
  }

  /**
   * Copies file handles, to give them another name or media type. The content is not copied.
   *
   * @returns A result for each, in their order: the new file handle, or why there is none.
   * @see https://rest-docs.synapse.org/rest/POST/filehandles/copy.html
   *
   * @example
   * const file = { fileHandleId: '42', associateObjectType: 'FileEntity', associateObjectId: 'syn123' } as const;
   * const [copy] = await syn.fileHandles.copy([{ ...file, newFileName: 'a better name.csv' }]);
   */
  async copy(
    files: readonly FileHandleToCopy[],
    options: CommonOptions = {},
  ): Promise<CopiedFileHandle[]> {
    const { copyFileHandles } = await import('./copyFileHandles.js');
    return copyFileHandles(this.#ctx, files, options);
  }

  /**
   * Deletes a file handle that the caller owns.
   *
   * @throws {@link NotFoundError} when there is no such file handle; {@link AuthorizationError} when another user owns it, or
   * something refers to it.
   * @see https://rest-docs.synapse.org/rest/DELETE/fileHandle/handleId.html
   */
  delete(fileHandleId: string, options: CallOptions = {}): Promise<void> {
    return this.#ctx.services.file.deleteFileHandle({ handleId: fileHandleId }, options);
  }

  /**
   * Lists the file entities with the given content that the caller may read.
   *
   * @param md5 - Hexadecimal.
   * @see https://rest-docs.synapse.org/rest/GET/entity/md5/md5.html
   */
  async findEntitiesByMd5(md5: string, options: CallOptions = {}): Promise<M.EntityHeader[]> {
    const { findEntitiesByMd5 } = await import('../entities/findEntity.js');
    return findEntitiesByMd5(this.#ctx, md5, options);
  }
}
