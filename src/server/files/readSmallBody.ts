import type { Readable } from 'node:stream';

import { entityTooLarge } from './storageError.js';

/**
 * Maximum size of a document that a client sends to the storage, in bytes. A list of 10,000 parts
 * fits.
 */
const maxBytes = 4 * 1024 ** 2;

/** Reads the body of a small document. @throws 400 when it is too large */
export async function readSmallBody(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > maxBytes) throw entityTooLarge(maxBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
