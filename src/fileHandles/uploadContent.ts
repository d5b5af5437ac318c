import { Readable } from 'node:stream';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { uploadFile, type UploadedFile } from '../storages/synapse/uploadFile.js';

/** The path of a local file, or bytes. */
export type FileContent = AsyncIterable<Uint8Array> | Blob | Uint8Array | string;

/** How {@link FileHandles.upload} uploads. */
export interface UploadFileHandleOptions extends CommonOptions {
  /** The name of the file in Synapse. Required for bytes. @default the last part of the path, or the name of a `File` */
  fileName?: string;
  /** Media type. @default guessed from the file name */
  contentType?: string;
  /** A storage location that Synapse can write to. @default the storage of Synapse */
  storageLocationId?: number | string;
  /** Whether Synapse creates a preview of the content. @default true */
  generatePreview?: boolean;
}

/** Uploads content of any kind. */
export function uploadContent(
  ctx: Context,
  content: FileContent,
  options: UploadFileHandleOptions,
): Promise<UploadedFile> {
  return uploadFile(ctx, { ...options, ...sourceOf(content, options) });
}

function sourceOf(
  content: FileContent,
  options: UploadFileHandleOptions,
):
  { path: string } | { stream: AsyncIterable<Uint8Array>; fileName: string; contentType?: string } {
  if (typeof content === 'string') return { path: content };
  const { fileName = nameOf(content), contentType } = options;
  if (!fileName) throw new ArgumentError('Bytes to upload need a fileName.');
  if (content instanceof Uint8Array) return { stream: Readable.from([content]), fileName };
  if (!(content instanceof Blob)) return { stream: content, fileName };
  const type = contentType ?? (content.type || undefined);
  return { stream: content.stream(), fileName, contentType: type };
}

/** The name of a `File` of the web. */
function nameOf(content: object): string | undefined {
  const isNamed = content instanceof Blob && 'name' in content;
  return isNamed && typeof content.name === 'string' ? content.name : undefined;
}
