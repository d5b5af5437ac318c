import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import type { TableSession } from '../server/tableSession.js';
import { type Column, type Values } from '../server/tableSession.js';

/** A column of most types, with names that need quotes and names that do not. */
const columns: readonly M.ColumnModel[] = [
  { name: 'name', columnType: 'STRING', maximumSize: 50, facetType: 'enumeration' },
  { name: 'age', columnType: 'INTEGER', facetType: 'range' },
  { name: 'score', columnType: 'DOUBLE' },
  { name: 'active', columnType: 'BOOLEAN' },
  { name: 'born', columnType: 'DATE' },
  { name: 'file', columnType: 'ENTITYID' },
  { name: 'owner', columnType: 'USERID' },
  {
    name: 'tags',
    columnType: 'STRING_LIST',
    maximumSize: 20,
    maximumListLength: 5,
    facetType: 'enumeration',
  },
  { name: 'counts', columnType: 'INTEGER_LIST', maximumListLength: 5 },
  { name: 'files', columnType: 'ENTITYID_LIST', maximumListLength: 5 },
  {
    name: 'data',
    columnType: 'JSON',
    jsonSubColumns: [
      { name: 'n', columnType: 'INTEGER', jsonPath: '$.n', facetType: 'enumeration' },
      { name: 't', columnType: 'STRING', jsonPath: '$.t', facetType: 'enumeration' },
      { name: 'plain', columnType: 'STRING', jsonPath: '$.plain' },
    ],
  },
  { name: 'notes', columnType: 'LARGETEXT' },
  { name: 'two words', columnType: 'STRING', maximumSize: 50 },
  { name: 'say "hi"', columnType: 'STRING', maximumSize: 50 },
  { name: 'year', columnType: 'INTEGER' },
];

const rows: readonly Values[] = [
  // prettier-ignore
  ['Ann', '30', '1.5', 'true', '1700000000000', 'syn11', '2', '["red", "Blue"]', '[1, 2]', '["syn1", "syn2"]', '{"a": [1, 2]}', 'first', 'x y', 'hi', '2020'],
  // prettier-ignore
  ['bob', '20', 'NaN', 'false', '1600000000000', 'syn12', '3', '["red"]', '[3]', '["syn3"]', '{"a": "text"}', 'second', 'z', null, '2021'],
  // prettier-ignore
  ['Cid', '40', 'Infinity', null, null, null, null, null, null, null, null, null, null, null, null],
  // prettier-ignore
  ['Ann', null, '-2', 'true', '0', 'syn11', '2', '["green"]', '[2, 5]', null, null, null, null, null, '2020'],
];

/** The parts of a result that tests of SQL ask for. */
const masks = { rows: 0x1, count: 0x2, headers: 0x4, combined: 0x100 } as const;

/** A table to send SQL to; `$` stands for its id, and `$$` for the sign itself. */
export class SqlTable {
  readonly session: TableSession;
  readonly id: string;
  readonly columns: readonly Column[];

  constructor(session: TableSession, id: string, made: readonly Column[]) {
    this.session = session;
    this.id = id;
    this.columns = made;
  }

  static async create(session: TableSession): Promise<SqlTable> {
    const made = await session.columns(...columns);
    const { id } = await session.table(made);
    await session.append(id, made, rows);
    return new SqlTable(session, id, made);
  }

  /** The id of the column of a name. */
  columnId(name: string): string {
    return this.columns.find((column) => column.name === name)?.id ?? '';
  }

  ask(sql: string, query: M.Query = {}, mask?: number): Promise<Answer> {
    return this.session.askQuery(this.#named(sql), query, mask);
  }

  /** The SQL that the server makes of a query. */
  async printed(sql: string, query: M.Query = {}): Promise<string | undefined> {
    const { combinedSql } = await this.session.query(this.#named(sql), query, masks.combined);
    return combinedSql?.replaceAll(this.id, '$');
  }

  /** Name and type of each result column. */
  async headers(sql: string): Promise<string[]> {
    const { selectColumns = [] } = await this.session.query(this.#named(sql), {}, masks.headers);
    return selectColumns.map(({ name, columnType }) => `${name ?? ''}: ${columnType ?? ''}`);
  }

  /** The names of the columns whose ids the result columns have. */
  async ids(sql: string): Promise<(string | null)[]> {
    const { selectColumns = [] } = await this.session.query(this.#named(sql), {}, masks.headers);
    return selectColumns.map(
      ({ id }) => this.columns.find((column) => column.id === id)?.name ?? null,
    );
  }

  cells(sql: string, query: M.Query = {}): Promise<(string | null)[][]> {
    return this.session.cells(this.#named(sql), query);
  }

  rows(sql: string, query: M.Query = {}): Promise<M.Row[]> {
    return this.session.rows(this.#named(sql), query);
  }

  /** The cells of the first column. */
  async column(sql: string, query: M.Query = {}): Promise<(string | null | undefined)[]> {
    return (await this.cells(sql, query)).map(([cell]) => cell);
  }

  async count(sql: string, query: M.Query = {}): Promise<number | undefined> {
    return (await this.session.query(this.#named(sql), query, masks.count)).queryCount;
  }

  /** The reason why a query is refused. */
  async refusal(sql: string, query: M.Query = {}): Promise<string> {
    const answer = await this.ask(sql, query);
    expect(answer).toMatchObject({ status: 400 });
    return (answer.body as { reason: string }).reason;
  }

  /** Whether SQL may define a table of a type; the reason if not. */
  async defines(
    sql: string,
    entityType: M.EntityType = 'materializedview',
  ): Promise<string | true> {
    const answer = await this.session.session.post('/validateDefiningSql', {
      definingSql: this.#named(sql),
      entityType,
    });
    expect(answer).toMatchObject({ status: 200 });
    const { isValid, invalidReason } = answer.body as M.ValidateDefiningSqlResponse;
    return isValid === true ? true : (invalidReason ?? '');
  }

  #named(sql: string): string {
    return sql.replaceAll(/\$\$?/g, (mark) => (mark === '$' ? this.id : '$'));
  }
}
