import { createReadStream } from 'node:fs';
import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import type { CommonOptions } from '../../options.js';
import { uploadFile } from '../../storages/synapse/uploadFile.js';
import { csvDescriptor } from '../csv/csvDialect.js';
import type { CellFiles } from '../files/cellFiles.js';
import { spoolDialect, type SpooledFile } from './spoolRows.js';

/**
 * Uploads a file of rows and returns the change of a table that reads it.
 *
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/UploadToTableRequest.html
 */
export async function uploadRows(
  ctx: Context,
  { tableId, file, cellFiles }: { tableId: string; file: SpooledFile; cellFiles: CellFiles },
  options: CommonOptions,
): Promise<M.UploadToTableRequest> {
  const content =
    cellFiles.size === 0
      ? { path: file.path }
      : { stream: cellFiles.resolveBytes(createReadStream(file.path)) };
  const { fileHandleId } = await uploadFile(ctx, {
    ...content,
    ...options,
    fileName: `${tableId}.csv`,
    contentType: 'text/csv',
    generatePreview: false,
  });
  return {
    concreteType: 'org.sagebionetworks.repo.model.table.UploadToTableRequest',
    tableId,
    uploadFileHandleId: fileHandleId,
    csvTableDescriptor: csvDescriptor(spoolDialect, true),
  };
}
