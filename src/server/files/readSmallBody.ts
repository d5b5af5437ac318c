import type { Readable } from 'node:stream';

import { entityTooLarge } from './storageError.js';

/** Largest document a client may send to the storage, in bytes: a list of 10,000 parts fits. */
const maxBytes = 4 * 1024 ** 2;

/** Reads a body that is a small document. @throws 400 when it is not small */
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
