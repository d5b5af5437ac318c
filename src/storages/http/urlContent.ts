import { shortAddress } from '../../net/requestLine.js';
import type { CommonOptions } from '../../options.js';
import { downloadStream } from '../../transfer/downloadStream.js';
import { StorageWire } from '../../transfer/storageWire.js';
import { UrlObject } from './urlObject.js';

/**
 * The content of the file at a URL that the API has answered with. The URL itself allows the download: no access token is
 * sent.
 */
export async function* urlContent(url: string, options: CommonOptions): AsyncGenerator<Uint8Array> {
  const storage = new StorageWire();
  try {
    const source = { url: () => Promise.resolve(url) };
    const object = new UrlObject(storage, source, { id: shortAddress(url) });
    const open = (): Promise<UrlObject> => Promise.resolve(object);
    yield* (await downloadStream({ storage }, { ...options, open })) as AsyncIterable<Uint8Array>;
  } finally {
    await storage.close();
  }
}
