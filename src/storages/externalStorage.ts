import { addressOf } from './externalAddress.js';
import { openAssociation } from './openAssociation.js';
import { isSftpUrl } from './sftp/sftpAddress.js';
import { sftpStorage } from './sftp/sftpStorage.js';
import type { Storage } from './storage.js';

/** External files: content at any address that somebody has stored in Synapse. */
export const externalStorage: Storage = {
  open: (ctx, file, options) =>
    // An SFTP server decides by itself who may read a file: Synapse need not be asked.
    isSftpUrl(addressOf(file.handle))
      ? sftpStorage.open(ctx, file, options)
      : openAssociation(ctx, file.association, options),
};
