import { UploadError } from '../../errors.js';

/**
 * The MD5 of a part that a store copied, out of the store's answer (`<ETag>"md5"</ETag>`).
 * @throws UploadError when there is none
 */
export function copyPartMd5(body: string): string {
  const etag = /<ETag>([^\n]*?)<\/ETag>/.exec(body)?.[1];
  if (etag === undefined) throw new UploadError('The file store does not say what it copied.');
  return etag.replace(/"|&quot;/g, '');
}
