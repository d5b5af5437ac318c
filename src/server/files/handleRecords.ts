import type * as M from '../../../generated/models.js';
import { uriEncode } from './sigV4.js';

const packageName = 'org.sagebionetworks.repo.model.file.';

/** Concrete types of file handles. */
export const handleTypes = {
  s3: `${packageName}S3FileHandle`,
  googleCloud: `${packageName}GoogleCloudFileHandle`,
  external: `${packageName}ExternalFileHandle`,
  objectStore: `${packageName}ExternalObjectStoreFileHandle`,
  proxy: `${packageName}ProxyFileHandle`,
} as const;

/** The file name or content type of a handle without one. */
export const notSet = 'NOT_SET';

/** Properties that only the server sets. */
type ServerProperty = 'id' | 'etag' | 'createdBy' | 'createdOn' | 'modifiedOn' | 'status';

/** A handle without the properties that the server sets. */
export type NewHandle<H extends M.FileHandle = M.FileHandle> = H extends M.FileHandle
  ? Omit<H, ServerProperty>
  : never;

/** A stored handle, in which the server's properties are always set. */
export type HandleRecord<H extends M.FileHandle = M.FileHandle> = H &
  Required<Pick<H, ServerProperty>>;

/** A handle whose content is in a bucket of this server. */
export type CloudHandle = M.S3FileHandle | M.GoogleCloudFileHandle;

export function isCloudHandle<H extends M.FileHandle>(
  handle: H,
): handle is Extract<H, CloudHandle> {
  return handle.concreteType === handleTypes.s3 || handle.concreteType === handleTypes.googleCloud;
}

/** Whether a text is an MD5 in hexadecimal. */
export function isMd5(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{32}$/i.test(text);
}

/** `Content-Disposition` of a file. Quotes and control characters in the name are replaced. */
export function contentDisposition(fileName: string): string {
  const plain = fileName.replace(/[\p{Cc}\p{Cs}"\\]/gu, '_');
  if (/^[\u0020-\u007e]*$/.test(plain)) return `attachment; filename="${plain}"`;
  const ascii = plain.replace(/[^\u0020-\u007e]/g, '_');
  const encoded = uriEncode(plain);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
