import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { partialRows, rowSet, TableSession, type Column } from '../server/tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

async function table(): Promise<{ id: string; columns: Column[] }> {
  const columns = await alice().columns(
    { name: 'somestrings', columnType: 'STRING' },
    { name: 'someinteger', columnType: 'INTEGER' },
  );
  const { id } = await alice().table(columns);
  return { id, columns };
}

function references(response: M.TableUpdateTransactionResponse): M.RowReferenceSet | undefined {
  return (response.results?.[0] as M.RowReferenceSetResults).rowReferenceSet;
}

describe('TableAppendRowSetWorkerIntegrationTest', () => {
  test('testAppendPartialRowSet: a partial row without an id is added', async () => {
    const { id, columns } = await table();
    const change = partialRows(id, [{ values: { [columns[1]?.id ?? '']: '12345' } }]);
    expect(references(await alice().change(id, [change]))).toMatchObject({
      tableId: id,
      rows: [{ rowId: 1, versionNumber: expect.any(Number) }],
    });
    expect(await alice().cells(`select * from ${id}`)).toEqual([[null, '12345']]);
  });

  test('testAppendRowSet: a row without an id is added', async () => {
    const { id, columns } = await table();
    const change = rowSet(id, columns, [{ values: ['one', '1234'] }]);
    expect(references(await alice().change(id, [change]))).toMatchObject({
      tableId: id,
      rows: [{ rowId: 1, versionNumber: expect.any(Number) }],
    });
    expect(await alice().cells(`select * from ${id}`)).toEqual([['one', '1234']]);
  });
});
