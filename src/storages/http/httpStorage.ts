import type * as M from '../../../generated/models.js';
import type { StorageWire } from '../../transfer/storageWire.js';
import type { StoredObject } from '../../transfer/storedObject.js';
import { addressOf } from '../externalAddress.js';
import type { Storage } from '../storage.js';
import { UrlObject } from './urlObject.js';

/** Opens what a URL names, as it stands. */
export function openHttpObject(
  { storage }: { readonly storage: StorageWire },
  url: string,
  handle?: M.FileHandle,
): StoredObject {
  const source = { url: () => Promise.resolve(url) };
  return new UrlObject(storage, source, { id: handle?.id ?? 'external', handle });
}

/** Files on web servers. */
export const httpStorage: Storage = {
  open: (ctx, { handle }) => Promise.resolve(openHttpObject(ctx, addressOf(handle), handle)),
};
