import type * as M from '../../generated/models.js';
import type { StorageWire } from '../transfer/storageWire.js';
import type { StoredObject } from '../transfer/storedObject.js';
import { openFtpObject } from './ftp/ftpStorage.js';
import { openHttpObject } from './http/httpStorage.js';
import { openLocalObject } from './local/localStorage.js';

interface UrlContext {
  readonly storage: StorageWire;
}

type OpenUrl = (ctx: UrlContext, url: string, handle?: M.FileHandle) => StoredObject;

/** Who reads which addresses, besides those of the web. */
const schemes: Readonly<Record<string, OpenUrl>> = {
  file: (_ctx, url, handle) => openLocalObject(url, handle),
  ftp: openFtpObject,
};

/** What opens an address that is not one of the web; `undefined` for all others. */
export function findScheme(url: string): OpenUrl | undefined {
  return URL.canParse(url) ? schemes[new URL(url).protocol.slice(0, -1)] : undefined;
}

/** Opens what a URL names, without asking Synapse. */
export function openUrl(ctx: UrlContext, url: string, handle?: M.FileHandle): StoredObject {
  return (findScheme(url) ?? openHttpObject)(ctx, url, handle);
}
