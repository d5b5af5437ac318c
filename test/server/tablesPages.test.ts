import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type * as M from '../../generated/models.js';
import { api } from '../helpers/api.js';
import { refusal, withSessions } from './entitySession.js';
import {
  csvUpload,
  partialRows,
  rowSet,
  TableSession,
  tableModel,
  type Column,
} from './tableSession.js';

fc.configureGlobal({ seed: 20_261_127 });

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

/** A page of a query by its token. */
async function page(id: string, token: unknown): Promise<M.QueryResult> {
  const answer = await alice().job(`/entity/${id}/table/query/nextPage/async`, {
    concreteType: `${tableModel}.QueryNextPageToken`,
    entityId: id,
    token,
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as M.QueryResult;
}

/** Reads a query page by page. */
async function allPages(
  sql: string,
  query: M.Query = {},
): Promise<{ values: (string | null)[]; pages: number }> {
  const { queryResult } = await alice().query(sql, query, 1);
  const id = /syn\d+/.exec(sql)?.[0] ?? '';
  const values: (string | null)[] = [];
  let pages = 0;
  for (let current = queryResult; current !== undefined;) {
    pages += 1;
    for (const row of current.queryResults?.rows ?? []) {
      values.push(row.values?.[0] ?? null);
    }
    const token: string | undefined = current.nextPageToken?.token;
    current = token === undefined ? undefined : await page(id, token);
  }
  return { values, pages };
}

describe('pages', () => {
  /** Rows of 64,000 bytes: 32 of them are a page. */
  async function wide(rows: number): Promise<{ id: string; columns: Column[] }> {
    const columns = await alice().columns(
      { name: 'n', columnType: 'INTEGER' },
      ...Array.from({ length: 15 }, (_, index) => ({
        name: `w${index}`,
        columnType: 'STRING' as const,
        maximumSize: 1000,
      })),
    );
    const { id } = await alice().table(columns);
    const lines = Array.from({ length: rows }, (_, index) => `${index}\n`);
    await alice().change(id, [csvUpload(await alice().upload(`n\n${lines.join('')}`))]);
    return { id, columns };
  }

  test('of any size make up the whole result', async () => {
    const { id, columns } = await wide(80);
    const perPage = Math.floor(2_097_152 / (15 * 4000 + 20));
    expect(columns).toHaveLength(16);
    const optional = (max: number) => fc.option(fc.nat(max), { nil: undefined });
    const windows = fc.record({
      sqlLimit: optional(100),
      sqlOffset: fc.nat(90),
      limit: optional(100),
      offset: optional(90),
      descending: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(windows, async ({ sqlLimit, sqlOffset, limit, offset, descending }) => {
        const order = descending ? ' order by n desc' : '';
        const inSql = sqlLimit === undefined ? '' : ` limit ${sqlLimit} offset ${sqlOffset}`;
        const { values, pages } = await allPages(`select * from ${id}${order}${inSql}`, {
          ...(limit !== undefined && { limit }),
          ...(offset !== undefined && { offset }),
        });
        let expected = Array.from({ length: 80 }, (_, index) => String(index));
        if (descending) {
          expected.reverse();
        }
        if (sqlLimit !== undefined) {
          expected = expected.slice(sqlOffset, sqlOffset + sqlLimit);
        }
        const start = offset ?? 0;
        expected = expected.slice(start, limit === undefined ? undefined : start + limit);
        expect(values).toEqual(expected);
        expect(pages).toBe(Math.floor(expected.length / perPage) + 1);
      }),
      { numRuns: 25 },
    );
  });

  test('are as wide as what is selected', async () => {
    const { id } = await wide(80);
    const { queryResult, maxRowsPerPage } = await alice().query(`select n from ${id}`);
    expect(maxRowsPerPage).toBe(Math.floor(2_097_152 / 20));
    expect(queryResult).not.toHaveProperty('nextPageToken');
    expect(queryResult?.queryResults?.rows).toHaveLength(80);
  });

  test('are asked for with the bare token as well', async () => {
    const { id } = await wide(40);
    const { queryResult } = await alice().query(`select * from ${id}`, {}, 1);
    const token = queryResult?.nextPageToken?.token ?? '';
    const path = `/entity/${id}/table/query/nextPage/async`;
    const started = await api(server.synapse, server.synapse.authToken).post(
      `/repo/v1${path}/start`,
      JSON.stringify(token),
    );
    expect(started).toMatchObject({ status: 201 });
    const answer = await server.alice.get(
      `${path}/get/${(started.body as { token: string }).token}`,
    );
    expect(answer).toMatchObject({ status: 201, body: { queryResults: { tableId: id } } });
  });

  test('need a token of this server', async () => {
    const { id } = await wide(1);
    const ask = (token?: string) =>
      alice().job(`/entity/${id}/table/query/nextPage/async`, {
        concreteType: `${tableModel}.QueryNextPageToken`,
        ...(token !== undefined && { token }),
      });
    expect(await ask()).toEqual(refusal(400, 'Next page token cannot be empty'));
    for (const token of ['x', 'bm8', 'W10', 'eyJzcWwiOjF9']) {
      expect(await ask(token)).toEqual(refusal(400, 'Not a valid next page token'));
    }
    const foreign = Buffer.from(JSON.stringify({ sql: `select * from ${id}` })).toString('base64');
    const answer = await new TableSession(server.bob).job(
      `/entity/${id}/table/query/nextPage/async`,
      { concreteType: `${tableModel}.QueryNextPageToken`, token: foreign },
    );
    expect(answer).toMatchObject({ status: 403 });
  });
});

describe('a table and a simple model of it', () => {
  type Cells = [string | null, string | null];
  const text = fc.option(fc.stringMatching(/^[a-z]{0,4}$/), { nil: null });
  const number = fc.option(fc.nat(99).map(String), { nil: null });
  const cells = fc.tuple(text, number) as fc.Arbitrary<Cells>;
  const command = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), rows: fc.array(cells, { maxLength: 4 }) }),
    fc.record({ kind: fc.constant('set' as const), pick: fc.nat(), cells }),
    fc.record({
      kind: fc.constant('partial' as const),
      pick: fc.nat(),
      column: fc.constantFrom(0 as const, 1 as const),
      cells,
    }),
    fc.record({ kind: fc.constant('delete' as const), pick: fc.nat() }),
  );

  test('agree after any changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 8 }), async (commands) => {
        const { id, columns, name, count } = await alice().filled([]);
        const model = new Map<number, { version: number; cells: Cells }>();
        let lastId = 0;
        let version = 0;
        for (const step of commands) {
          const ids = [...model.keys()];
          if (step.kind === 'add') {
            const { rows = [] } = await alice().append(id, columns, step.rows);
            expect(rows).toHaveLength(step.rows.length);
            version += step.rows.length > 0 ? 1 : 0;
            for (const row of step.rows) {
              lastId += 1;
              model.set(lastId, { version, cells: [row[0], row[1] ?? '7'] });
            }
            continue;
          }
          const rowId = ids[step.pick % ids.length];
          const row = rowId === undefined ? undefined : model.get(rowId);
          if (rowId === undefined || row === undefined) {
            continue;
          }
          version += 1;
          switch (step.kind) {
            case 'set':
              await alice().change(id, [
                rowSet(id, columns, [{ rowId, versionNumber: row.version, values: step.cells }]),
              ]);
              model.set(rowId, { version, cells: [step.cells[0], step.cells[1] ?? '7'] });
              break;
            case 'partial': {
              const column = step.column === 0 ? name : count;
              const value = step.cells[step.column];
              await alice().change(id, [
                partialRows(id, [{ rowId, values: { [column.id]: value } }]),
              ]);
              const changed: Cells = [...row.cells];
              changed[step.column] = value ?? (step.column === 1 ? '7' : null);
              model.set(rowId, { version, cells: changed });
              break;
            }
            case 'delete':
              await alice().change(id, [
                rowSet(id, columns, [{ rowId, versionNumber: row.version }]),
              ]);
              model.delete(rowId);
          }
        }
        expect(await alice().rows(`select * from ${id}`)).toEqual(
          [...model].map(([rowId, { version: versionNumber, cells: values }]) => ({
            rowId,
            versionNumber,
            values,
          })),
        );
      }),
      { numRuns: 15 },
    );
  });
});
