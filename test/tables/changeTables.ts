import type { ColumnModel, Row, TableUpdateRequest } from '../../generated/models.js';
import type { Synapse } from '../../src/index.js';

/** A column to create: its type, or a model without a name. */
export type ColumnSpec = ColumnModel['columnType'] | Omit<ColumnModel, 'name'>;

/** A table as a test sees it, through the plain API. */
export interface TestTable {
  id: string;
  columns: readonly (ColumnModel & { id: string; name: string })[];
  /** Sends changes in one transaction. */
  change(...changes: TableUpdateRequest[]): Promise<void>;
  /** Adds rows with a text for each column. */
  append(...rows: (string | null)[][]): Promise<void>;
  /** Sets one cell, as another user might. */
  set(rowId: number, column: string, value: string | null): Promise<void>;
  remove(rowId: number): Promise<void>;
  /** The rows in the order of their ids. */
  rows(): Promise<Row[]>;
  /** The cells of the rows, in the order of the ids. */
  cells(): Promise<(string | null)[][]>;
}

const model = 'org.sagebionetworks.repo.model.table';

/** Creates a table. */
export async function createTable(
  syn: Synapse,
  parentId: string,
  specs: Readonly<Record<string, ColumnSpec>>,
): Promise<TestTable> {
  const list = Object.entries(specs).map(([name, spec]) =>
    typeof spec === 'string' ? { name, columnType: spec } : { name, ...spec },
  );
  const created = await syn.services.table.createColumnBatch({ body: { list } });
  const columns = (created.list ?? []).map((column) => ({
    ...column,
    id: column.id ?? '',
    name: column.name ?? '',
  }));
  const { id = '' } = await syn.services.entity.createEntity({
    body: {
      concreteType: `${model}.TableEntity`,
      name: crypto.randomUUID(),
      parentId,
      columnIds: columns.map((column) => column.id),
    },
  });
  return new PlainTable(syn, id, columns);
}

class PlainTable implements TestTable {
  readonly id: string;
  readonly columns: TestTable['columns'];
  readonly #syn: Synapse;

  constructor(syn: Synapse, id: string, columns: TestTable['columns']) {
    this.#syn = syn;
    this.id = id;
    this.columns = columns;
  }

  async change(...changes: TableUpdateRequest[]): Promise<void> {
    await this.#syn.runJob(
      { concreteType: `${model}.TableUpdateTransactionRequest`, entityId: this.id, changes },
      { id: this.id },
    );
  }

  async append(...rows: (string | null)[][]): Promise<void> {
    // A request has at most 2 MiB, with the widest rows that the columns allow.
    for (let start = 0; start < rows.length; start += 400) {
      const some = rows.slice(start, start + 400);
      await this.#rowSet(
        this.columns,
        some.map((values) => ({ values })),
      );
    }
  }

  async set(rowId: number, name: string, value: string | null): Promise<void> {
    const [row] = (await this.rows()).filter((one) => one.rowId === rowId);
    const column = this.columns.filter((one) => one.name === name);
    await this.#rowSet(column, [{ rowId, versionNumber: row?.versionNumber, values: [value] }]);
  }

  async remove(rowId: number): Promise<void> {
    await this.#rowSet([], [{ rowId, versionNumber: 1, values: [] }]);
  }

  async rows(): Promise<Row[]> {
    const { queryResult } = await this.#syn.runJob(
      {
        concreteType: `${model}.QueryBundleRequest`,
        entityId: this.id,
        query: { sql: `select * from ${this.id} order by ROW_ID` },
        partMask: 1,
      },
      { id: this.id },
    );
    const rows: Row[] = [];
    let page = queryResult;
    while (page !== undefined) {
      rows.push(...(page.queryResults?.rows ?? []));
      const token = page.nextPageToken?.token;
      page =
        token === undefined
          ? undefined
          : await this.#syn.runJob(
              { concreteType: `${model}.QueryNextPageToken`, entityId: this.id, token },
              { id: this.id },
            );
    }
    return rows;
  }

  async cells(): Promise<(string | null)[][]> {
    return (await this.rows()).map(({ values = [] }) => values);
  }

  async #rowSet(columns: TestTable['columns'], rows: Row[]): Promise<void> {
    await this.change({
      concreteType: `${model}.AppendableRowSetRequest`,
      toAppend: {
        concreteType: `${model}.RowSet`,
        tableId: this.id,
        headers: columns.map(({ id, name, columnType }) => ({ id, name, columnType })),
        rows,
      },
    });
  }
}

/** What happens to a request of a client. `lose`: it is handled, but its answer is lost; `drop`: it is lost itself. */
export type Fate = 'drop' | 'lose' | undefined;

/** A `fetch` for a client whose transactions can be disturbed: `fateOf` is called before each is sent. */
export function disturbedFetch(fateOf: () => Fate | Promise<Fate>): typeof fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.endsWith('/table/transaction/async/start')) return fetch(input, init);
    const fate = await fateOf();
    if (fate !== 'drop') {
      const response = await fetch(input, init);
      if (fate === undefined) return response;
      await response.text();
    }
    const cause = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
    throw new TypeError('fetch failed', { cause });
  };
}
