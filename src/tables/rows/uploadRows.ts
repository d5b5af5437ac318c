import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import type { CommonOptions } from '../../options.js';
import { uploadFile } from '../../storages/synapse/uploadFile.js';
import { csvDescriptor, csvDialect } from '../csv/csvDialect.js';

/** The dialect of the CSV files that are sent. */
export const rowsDialect = csvDialect();

/** A CSV file of rows, with a header. */
export interface RowsUpload {
  tableId: string;
  content: { path: string } | { stream: AsyncIterable<Uint8Array> };
  fileName: string;
}

/**
 * Uploads a CSV file of rows and returns the change of a table that reads it.
 *
 * @see https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/table/UploadToTableRequest.html
 */
export async function uploadRows(
  ctx: Context,
  { tableId, content, fileName }: RowsUpload,
  options: CommonOptions,
): Promise<M.UploadToTableRequest> {
  const { fileHandleId } = await uploadFile(ctx, {
    ...content,
    ...options,
    fileName,
    contentType: 'text/csv',
    generatePreview: false,
  });
  return {
    concreteType: 'org.sagebionetworks.repo.model.table.UploadToTableRequest',
    tableId,
    uploadFileHandleId: fileHandleId,
    csvTableDescriptor: csvDescriptor(rowsDialect, true),
  };
}
