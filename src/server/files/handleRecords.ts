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

/** Stands for a file name or content type that was not given. */
export const notSet = 'NOT_SET';

/** Properties that the server sets on every handle, whatever a client sent. */
type ServerProperty = 'id' | 'etag' | 'createdBy' | 'createdOn' | 'modifiedOn' | 'status';

/** What a handle is made of before the server adds its own properties. */
export type NewHandle<H extends M.FileHandle = M.FileHandle> = H extends M.FileHandle
  ? Omit<H, ServerProperty>
  : never;

/** A handle as it is kept: the server's properties are always there. */
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

/** `Content-Disposition` of a file. A name with a quote or a control character cannot break out. */
export function contentDisposition(fileName: string): string {
  const plain = fileName.replace(/[\p{Cc}\p{Cs}"\\]/gu, '_');
  if (/^[\u0020-\u007e]*$/.test(plain)) return `attachment; filename="${plain}"`;
  const ascii = plain.replace(/[^\u0020-\u007e]/g, '_');
  const encoded = uriEncode(plain);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
