import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { tableModel, TableSession } from '../server/tableSession.js';

const server = withSessions();

describe('IT099AsynchronousJobTest', () => {
  test('testUploadCSVToTable: rows of a file are previewed, appended, downloaded and updated', async () => {
    const tables = new TableSession(server.alice);
    const columns = await tables.columns(
      { columnType: 'INTEGER', name: 'sampleLong' },
      { columnType: 'STRING', maximumSize: 10, name: 'sampleString' },
    );
    const { id } = await tables.table(columns);
    const uploadFileHandleId = await tables.upload('sampleLong,sampleString\n0,data0\n1,data1\n');
    const preview = await tables.job('/table/upload/csv/preview/async', {
      concreteType: `${tableModel}.UploadToTablePreviewRequest`,
      uploadFileHandleId,
    });
    const { suggestedColumns, sampleRows, rowsScanned } =
      preview.body as M.UploadToTablePreviewResult;
    expect(suggestedColumns).toHaveLength(2);
    expect(sampleRows).toHaveLength(2);
    expect(rowsScanned).toBe(2);
    const upload = async (handleId: string, fields: object): Promise<unknown> =>
      (
        await tables.job(`/entity/${id}/table/upload/csv/async`, {
          concreteType: `${tableModel}.UploadToTableRequest`,
          tableId: id,
          uploadFileHandleId: handleId,
          ...fields,
        })
      ).body;
    const done = { rowsProcessed: 2, etag: expect.any(String) };
    expect(await upload(uploadFileHandleId, {})).toMatchObject(done);
    const sql = `select * from ${id}`;
    const before = (await tables.query(sql)).queryResult?.queryResults;
    expect(before?.rows).toHaveLength(2);
    const answer = await tables.askCsv(sql, { writeHeader: true, includeRowIdAndRowVersion: true });
    const { resultsFileHandleId, etag } = answer.body as M.DownloadFromTableResult;
    const [, ...lines] = (await tables.content(resultsFileHandleId)).trim().split('\n');
    const cells = lines.map((line) => line.replaceAll('"', '').split(','));
    expect(cells).toEqual(
      before?.rows?.map(({ rowId, versionNumber, values = [] }) => [
        String(rowId),
        String(versionNumber),
        ...values,
      ]),
    );
    const updated = cells.map(([row, version], index) => `${row},${version},${index + 5},new`);
    const update = await tables.upload(
      `ROW_ID,ROW_VERSION,sampleLong,sampleString\n${updated.join('\n')}\n`,
    );
    expect(await upload(update, { updateEtag: etag })).toMatchObject(done);
    const after = (await tables.query(sql)).queryResult?.queryResults;
    expect(after?.etag).not.toBe(before?.etag);
    expect(after?.rows?.map(({ values }) => values)).toEqual([
      ['5', 'new'],
      ['6', 'new'],
    ]);
  });
});
