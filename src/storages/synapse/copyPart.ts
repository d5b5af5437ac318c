import { UploadError } from '../../errors.js';

/**
 * Reads the MD5 of a copied part from the response of the store (`<ETag>"md5"</ETag>`).
 * @throws UploadError when the response has no MD5
 */
export function copyPartMd5(body: string): string {
  const etag = /<ETag>([^<\n]*)<\/ETag>/.exec(body)?.[1];
  if (etag === undefined)
    throw new UploadError('The file store did not return the MD5 of the copied part.');
  return etag.replace(/"|&quot;/g, '');
}
