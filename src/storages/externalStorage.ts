import { addressOf } from './externalAddress.js';
import { openAssociation } from './openAssociation.js';
import { isSftpUrl } from './sftp/sftpAddress.js';
import { sftpStorage } from './sftp/sftpStorage.js';
import type { Storage } from './storage.js';

/** External files: content at any URL that a file handle contains. */
export const externalStorage: Storage = {
  open: (ctx, file, options) =>
    // An SFTP server has its own access control, so there is no request to Synapse.
    isSftpUrl(addressOf(file.handle))
      ? sftpStorage.open(ctx, file, options)
      : openAssociation(ctx, file.association, options, file.handle),
};
