import { addressOf } from '../externalAddress.js';
import type { Storage } from '../storage.js';
import { UrlObject } from './urlObject.js';

/** Files on web servers. */
export const httpStorage: Storage = {
  open: (ctx, { handle }) => {
    const url = addressOf(handle);
    const source = { url: () => Promise.resolve(url) };
    return Promise.resolve(
      new UrlObject(ctx.storage, source, { id: handle.id ?? 'external', handle, decode: true }),
    );
  },
};
