import type * as M from '../../../generated/models.js';
import { addressOf } from '../externalAddress.js';
import type { Storage } from '../storage.js';
import { SftpObject } from './sftpObject.js';
import { uploadSftp } from './uploadSftp.js';

/** SFTP servers, with the login of the configuration. */
export const sftpStorage: Storage = {
  open: (ctx, { handle }) => Promise.resolve(new SftpObject(ctx, addressOf(handle), handle)),

  put: async (ctx, destination, file) => {
    const { url: folderUrl = '', storageLocationId } = destination as M.ExternalUploadDestination;
    const { url, md5, size } = await uploadSftp(ctx, { ...file, folderUrl });
    return {
      concreteType: 'org.sagebionetworks.repo.model.file.ExternalFileHandle',
      fileName: file.fileName,
      contentType: file.contentType,
      contentMd5: md5,
      contentSize: size,
      storageLocationId,
      externalURL: url,
    };
  },
};
