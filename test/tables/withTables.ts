import type { Synapse } from '../../src/index.js';
import type * as M from '../../generated/models.js';

/** A column as a test writes it: its type, or a model. */
export type TestColumn = M.ColumnType | Omit<M.ColumnModel, 'id' | 'name'>;

let count = 0;

/** Creates a table with these columns. */
export async function createTable(
  syn: Synapse,
  parentId: string,
  columns: Readonly<Record<string, TestColumn>>,
): Promise<string> {
  const models = Object.entries(columns).map(([name, column]) =>
    typeof column === 'string'
      ? { name, columnType: column, ...(column === 'STRING' && { maximumSize: 100 }) }
      : { name, ...column },
  );
  const { list = [] } = await syn.services.table.createColumnBatch({ body: { list: models } });
  const ids = list.map(({ id = '' }) => id);
  count += 1;
  const table = await syn.services.entity.createEntity({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.table.TableEntity',
      name: `table ${count} of ${process.pid}`,
      parentId,
      columnIds: ids,
    },
  });
  return table.id ?? '';
}

/** The cells of a query as the API returns them. */
export async function cellsOf(syn: Synapse, sql: string): Promise<(string | null)[][]> {
  const id = /syn\d+/.exec(sql)?.[0] ?? '';
  const rows: (string | null)[][] = [];
  const first = await syn.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
      entityId: id,
      query: { sql },
      partMask: 1,
    },
    { id },
  );
  let page = first.queryResult;
  while (page !== undefined) {
    rows.push(...(page.queryResults?.rows ?? []).map(({ values = [] }) => [...values]));
    const token = page.nextPageToken?.token;
    page =
      token === undefined
        ? undefined
        : await syn.runJob(
            {
              concreteType: 'org.sagebionetworks.repo.model.table.QueryNextPageToken',
              entityId: id,
              token,
            },
            { id },
          );
  }
  return rows;
}
