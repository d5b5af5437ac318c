import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { csvUpload, TableSession, type Column } from '../server/tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

const lines = Array.from({ length: 100 }, (_, index) => `"${index}","stringdata${index}"`);

/** A table with a column of text and a column of integers. */
async function table(): Promise<{ id: string; columns: Column[] }> {
  const columns = await alice().columns(
    { name: 'somestrings', columnType: 'STRING' },
    { name: 'someinteger', columnType: 'INTEGER' },
  );
  const { id } = await alice().table(columns);
  return { id, columns };
}

async function upload(id: string, text: string, fields: object = {}): Promise<unknown> {
  const file = await alice().upload(text);
  const { results } = await alice().change(id, [
    csvUpload(file, { tableId: id, entityId: id, ...fields }),
  ]);
  return results?.[0];
}

async function download(sql: string): Promise<string[]> {
  const text = await alice().csv(sql, {
    includeRowIdAndRowVersion: true,
    csvTableDescriptor: { isFirstLineHeader: true },
  });
  return text.split('\n').filter((line) => line !== '');
}

/** Appends text to the third cell of each row but the header. */
function changed(csv: readonly string[]): string {
  return csv
    .map((line, index) =>
      index === 0 ? line : line.replace(/^((?:"[^"]*",){2}"[^"]*)"/, `$1-changed${2999 + index}"`),
    )
    .join('\n');
}

describe('TableCSVAppenderWorkerIntegrationTest', () => {
  test('testRoundTripWithCSVHeaders: rows are added by the names of the header', async () => {
    const { id } = await table();
    const result = await upload(id, ['someinteger,somestrings', ...lines].join('\n'), {
      csvTableDescriptor: { isFirstLineHeader: true },
    });
    expect(result).toMatchObject({ rowsProcessed: 100, etag: expect.any(String) });
    const { etag } = result as M.UploadToTableResult;
    const { queryResult } = await alice().query(`select * from ${id} limit 1`, {}, 1);
    expect(queryResult?.queryResults).toMatchObject({
      etag,
      rows: [{ values: ['stringdata0', '0'] }],
    });
  });

  test('testRoundTripWithCSVHeaders: columnIds are refused', async () => {
    const { id, columns } = await table();
    const file = await alice().upload(lines.join('\n'));
    const change = csvUpload(file, {
      csvTableDescriptor: { isFirstLineHeader: false },
      columnIds: columns.map((column) => column.id).reverse(),
    });
    expect(await alice().transaction(id, [change])).toEqual(refusal(400, 'Unsupported columnIds'));
  });

  test('testUpdateRoundTrip: rows are downloaded, changed and uploaded', async () => {
    const { id } = await table();
    await upload(id, ['someinteger,somestrings', ...lines].join('\n'));
    const csv = await download(`select somestrings, someinteger from ${id}`);
    expect(csv).toHaveLength(101);
    expect(await upload(id, changed(csv))).toMatchObject({ rowsProcessed: 100 });
    expect(await alice().cells(`select * from ${id} where row_id = 100`)).toEqual([
      ['stringdata99-changed3099', '99'],
    ]);
    expect(await alice().cells(`select count(*) from ${id}`)).toEqual([['100']]);
  });

  test('testPartialCSVUpdate: only the columns of the file change', async () => {
    const { id } = await table();
    await upload(id, ['someinteger,somestrings', ...lines.slice(0, 1)].join('\n'));
    const csv = await download(`select somestrings from ${id}`);
    await upload(id, changed(csv), {
      csvTableDescriptor: { isFirstLineHeader: true, separator: ',' },
    });
    expect(await alice().cells(`select * from ${id} limit 1`)).toEqual([
      ['stringdata0-changed3000', '0'],
    ]);
  });

  test('testPLFM_3155andPLFM_3354: ids in a skipped header count, and are new in a new table', async () => {
    const columns = await alice().columns({ name: 'foo', columnType: 'STRING', maximumSize: 2 });
    const { id } = await alice().table(columns);
    const rows = Array.from({ length: 10 }, (_, index) => `${100 + index},99,d${index}`);
    const result = await upload(id, ['ROW_ID,ROW_VERSION,bar', ...rows].join('\n'), {
      linesToSkip: 1,
      csvTableDescriptor: { isFirstLineHeader: false },
    });
    expect(result).toMatchObject({ rowsProcessed: 10, etag: expect.any(String) });
    expect(await alice().rows(`select * from ${id} limit 1`)).toMatchObject([
      { rowId: 1, values: ['d0'] },
    ]);
  });
});
