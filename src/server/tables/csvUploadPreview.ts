import type * as M from '../../../generated/models.js';
import type { JobContext } from '../jobs/jobRunner.js';
import type { World } from '../world.js';
import { CsvPreview, partialScanRows } from './csv/csvPreview.js';
import { openUpload, uploadedRows } from './tableUpload.js';

/**
 * Suggests a schema for an uploaded CSV file.
 *
 * @throws 400 for a file that is not CSV, 403 for another user's file
 * @see https://rest-docs.synapse.org/rest/POST/table/upload/csv/preview/async/start.html
 */
export async function previewUpload(
  world: World,
  request: M.UploadToTablePreviewRequest,
  { caller, signal }: JobContext,
): Promise<M.UploadToTablePreviewResult> {
  const upload = openUpload(world, caller, request);
  const preview = new CsvPreview(upload.format.isFirstLineHeader);
  const limit = request.doFullFileScan === true ? Infinity : partialScanRows;
  for await (const rows of uploadedRows(world, upload, signal, upload)) {
    for (const row of rows) {
      if (preview.rows < limit) {
        preview.add(row);
      }
    }
    if (preview.rows >= limit) {
      break;
    }
  }
  return preview.result();
}
