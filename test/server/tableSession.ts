import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { contentUrl, storage, uploadFile } from './filesClient.js';
import type { Session, Stored } from './entitySession.js';

export const tableModel = 'org.sagebionetworks.repo.model.table';

/** A column as the server returns it. */
export type Column = M.ColumnModel & { readonly id: string; readonly name: string };

/** Rows as tests write them. */
export type Values = readonly (string | null)[];

/** A table with two columns. */
export interface FilledTable {
  readonly id: string;
  readonly columns: readonly Column[];
  readonly name: Column;
  readonly count: Column;
}

/** What tests look at in the answer to a query. */
export type Bundle = M.QueryResultBundle;

/** Works with tables as one user. */
export class TableSession {
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** Makes columns; the answer must be good. */
  async columns(...list: M.ColumnModel[]): Promise<Column[]> {
    const answer = await this.session.post('/column/batch', { list });
    expect(answer).toMatchObject({ status: 201 });
    return (answer.body as { list: Column[] }).list;
  }

  project(name: string = crypto.randomUUID()): Promise<Stored> {
    return this.session.create('project', { name });
  }

  /** Makes a table in a project of its own. */
  async table(columns: readonly Column[], fields: object = {}): Promise<Stored> {
    const { id: parentId } = await this.project();
    return this.session.create('table', {
      name: 'table',
      parentId,
      columnIds: columns.map(({ id }) => id),
      ...fields,
    });
  }

  /** Makes a table with a name and a count (7 by default), and these rows. */
  async filled(
    rows: readonly Values[] = [
      ['one', '1'],
      ['two', '2'],
      ['three', '3'],
    ],
  ): Promise<FilledTable> {
    const columns = await this.columns(
      { name: 'name', columnType: 'STRING' },
      { name: 'count', columnType: 'INTEGER', defaultValue: '7' },
    );
    const { id } = await this.table(columns);
    if (rows.length > 0) {
      await this.append(id, columns, rows);
    }
    const [name, count] = columns;
    if (name === undefined || count === undefined) {
      throw new Error('The server made no columns');
    }
    return { id, columns, name, count };
  }

  /** Runs a job of an entity until it is done. */
  async job(path: string, body: object): Promise<Answer> {
    const started = await this.session.post(`${path}/start`, body);
    if (started.status !== 201) {
      return started;
    }
    const { token } = started.body as { token: string };
    for (;;) {
      const answer = await this.session.get(`${path}/get/${token}`);
      if (answer.status !== 202) {
        return answer;
      }
    }
  }

  /** Sends a transaction; see {@link change} for one that must work. */
  transaction(id: string, changes: readonly object[], fields: object = {}): Promise<Answer> {
    return this.job(`/entity/${id}/table/transaction/async`, {
      concreteType: `${tableModel}.TableUpdateTransactionRequest`,
      entityId: id,
      changes,
      ...fields,
    });
  }

  /** Changes a table; the answer must be good. */
  async change(
    id: string,
    changes: readonly object[],
    fields: object = {},
  ): Promise<M.TableUpdateTransactionResponse> {
    const answer = await this.transaction(id, changes, fields);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body as M.TableUpdateTransactionResponse;
  }

  /** Adds rows with a cell for each of the columns; returns what was written. */
  async append(
    id: string,
    columns: readonly Column[],
    rows: readonly Values[],
  ): Promise<M.RowReferenceSet> {
    const { results } = await this.change(id, [
      rowSet(
        id,
        columns,
        rows.map((values) => ({ values: [...values] })),
      ),
    ]);
    return (results?.[0] as M.RowReferenceSetResults).rowReferenceSet ?? {};
  }

  /** Sends a query; see {@link query} for one that must work. */
  askQuery(sql: string, query: M.Query = {}, partMask?: number): Promise<Answer> {
    const id = /\b(syn\d+)/.exec(sql)?.[1] ?? 'syn1';
    return this.job(`/entity/${id}/table/query/async`, {
      concreteType: `${tableModel}.QueryBundleRequest`,
      query: { sql, ...query },
      ...(partMask !== undefined && { partMask }),
    });
  }

  /** Runs a query; the answer must be good. */
  async query(sql: string, query: M.Query = {}, partMask?: number): Promise<Bundle> {
    const answer = await this.askQuery(sql, query, partMask);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body as Bundle;
  }

  /** The rows of the first page of a query. */
  async rows(sql: string, query: M.Query = {}): Promise<M.Row[]> {
    const { queryResult } = await this.query(sql, query, 1);
    return queryResult?.queryResults?.rows ?? [];
  }

  /** The cells of the first page of a query. */
  async cells(sql: string, query: M.Query = {}): Promise<(string | null)[][]> {
    return (await this.rows(sql, query)).map(({ values }) =>
      (values ?? []).map((value) => value ?? null),
    );
  }

  /** Uploads text as a file and returns the id of its handle. */
  async upload(text: string): Promise<string> {
    const handle = await uploadFile(this.session, Buffer.from(text), {
      fileName: 'rows.csv',
      contentType: 'text/csv',
    });
    return handle.id;
  }

  /** The text of a file handle of this user. */
  async content(handleId: string): Promise<string> {
    const { body } = await storage(await contentUrl(this.session, handleId));
    return body.toString('utf8');
  }

  /** Runs a CSV download; returns the answer and the text of the file. */
  async csv(sql: string, fields: object = {}): Promise<string> {
    const answer = await this.askCsv(sql, fields);
    expect(answer).toMatchObject({ status: 201 });
    const { resultsFileHandleId } = answer.body as M.DownloadFromTableResult;
    return this.content(resultsFileHandleId);
  }

  askCsv(sql: string, fields: object = {}): Promise<Answer> {
    const id = /\b(syn\d+)/.exec(sql)?.[1] ?? 'syn1';
    return this.job(`/entity/${id}/table/download/csv/async`, {
      concreteType: `${tableModel}.DownloadFromTableRequest`,
      sql,
      ...fields,
    });
  }
}

/** A change that writes whole rows. */
export function rowSet(
  tableId: string,
  columns: readonly Column[],
  rows: readonly M.Row[],
  fields: object = {},
): object {
  return {
    concreteType: `${tableModel}.AppendableRowSetRequest`,
    entityId: tableId,
    toAppend: {
      concreteType: `${tableModel}.RowSet`,
      tableId,
      headers: columns.map(({ id, name, columnType }) => ({ id, name, columnType })),
      rows,
      ...fields,
    },
  };
}

/** A change that writes single cells, by column id. */
export function partialRows(
  tableId: string,
  rows: readonly {
    readonly rowId?: number;
    readonly etag?: string;
    readonly values?: Readonly<Record<string, string | null>>;
  }[],
): object {
  return {
    concreteType: `${tableModel}.AppendableRowSetRequest`,
    entityId: tableId,
    toAppend: {
      concreteType: `${tableModel}.PartialRowSet`,
      tableId,
      rows: rows.map(({ values, ...row }) => ({
        ...row,
        ...(values !== undefined && {
          values: Object.entries(values).map(([key, value]) => ({ key, value })),
        }),
      })),
    },
  };
}

/** A change of the columns. */
export function schemaChange(
  changes: readonly { readonly oldColumnId?: string; readonly newColumnId?: string }[],
  orderedColumnIds?: readonly string[],
): object {
  return {
    concreteType: `${tableModel}.TableSchemaChangeRequest`,
    changes,
    ...(orderedColumnIds !== undefined && { orderedColumnIds }),
  };
}

/** A change that reads rows from a file. */
export function csvUpload(uploadFileHandleId: string, fields: object = {}): object {
  return { concreteType: `${tableModel}.UploadToTableRequest`, uploadFileHandleId, ...fields };
}
