import { addressOf } from './externalAddress.js';
import { sftpStorage } from './sftp/sftpStorage.js';
import { isSftpUrl } from './sftp/sftpAddress.js';
import type { Storage } from './storage.js';
import { storageOfAddress } from './storageOfAddress.js';
import { FileHandleSource } from './synapse/fileHandleSource.js';

/** External files: content at any address that somebody has stored in Synapse. */
export const externalStorage: Storage = {
  open: async (ctx, file, options) => {
    // Who may read a file on an SFTP server is decided by the server.
    if (isSftpUrl(addressOf(file.handle))) return sftpStorage.open(ctx, file, options);
    const externalURL = await new FileHandleSource(ctx, file.association, options.signal).url();
    const handle = { ...file.handle, externalURL };
    return storageOfAddress(externalURL).open(ctx, { ...file, handle }, options);
  },
};
