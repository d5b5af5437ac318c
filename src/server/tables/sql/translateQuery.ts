import type { TableSource } from './scope.js';
import type { SourceColumn } from './sourceColumn.js';
import { countSelect } from './countSelect.js';
import { joinNotSupported, SqlError } from './sqlError.js';
import type { OutputColumn, StatementContext, TranslatedSelect } from './translateSelect.js';
import { selectSql, sourceOutputs, translateSelect, valueOutputs } from './translateSelect.js';
import type { TranslationEnvironment } from './translation.js';
import type { Condition, Query, Select, Statement } from './tree.js';
import type { SqlValue, Value } from './value.js';
import { Parameters, textSql } from './value.js';

/** A statement for SQLite. */
export interface TranslatedStatement {
  /** Result columns are `v0`, `v1`, ...; before them `row_id`, `row_version` and `row_etag`, if any. */
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  readonly columns: readonly OutputColumn[];
  /** Whether the result has `row_id` and `row_version`. */
  readonly hasRowIds: boolean;
  /** Whether the result has `row_etag`. */
  readonly hasEtags: boolean;
}

/** A statement that fills a table: a row for each row of its query. */
export interface TranslatedSource {
  /** Columns named by {@link sourceOutputs}, then benefactors as `b0`, `b1`, ... */
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  readonly columns: readonly OutputColumn[];
  readonly benefactors: number;
}

/** Checks that a statement is a single select. @throws SqlError */
export function requireSingleSelect(statement: Statement): Select {
  if (statement.query.unions.length > 0) {
    throw new SqlError('The UNION keyword is not supported in this context');
  }
  if (statement.query.first.from.kind === 'join') {
    throw new SqlError(joinNotSupported);
  }
  return statement.query.first;
}

/**
 * Translates a query that a user runs: one select from one table.
 *
 * @throws SqlError for other statements, and for names that do not exist
 */
export function translateStatement(
  statement: Statement,
  environment: TranslationEnvironment,
): TranslatedStatement {
  const select = requireSingleSelect(statement);
  const context = newContext(environment);
  const translated = translateSelect(withCommonTable(context, statement), select);
  const system = translated.tables[0]?.source.system ?? [];
  const outputs: string[] = [];
  const alias = translated.tables[0]?.alias ?? '';
  for (const name of ['ROW_ID', 'ROW_VERSION', 'ROW_ETAG']) {
    const column = translated.isRows
      ? system.find((candidate) => candidate.name === name)
      : undefined;
    if (column !== undefined) {
      outputs.push(`${alias}.${column.sql} AS ${name.toLowerCase()}`);
    }
  }
  return {
    ...bound(selectSql(translated, [...outputs, ...valueOutputs(translated)]), context),
    columns: translated.columns,
    hasRowIds: outputs.length >= 2,
    hasEtags: outputs.length === 3,
  };
}

/**
 * Translates a query whose rows are counted, not shown. Its own `LIMIT` and `OFFSET` are left to the
 * caller. `undefined` for a query that always has one row.
 */
export function translateCount(
  statement: Statement,
  environment: TranslationEnvironment,
): { sql: string; parameters: readonly SqlValue[] } | undefined {
  const select = requireSingleSelect(statement);
  const counted = countSelect(select);
  if (counted === undefined) {
    return undefined;
  }
  const first = { ...select, ...counted };
  return translateStatement({ ...statement, query: { first, unions: [] } }, environment);
}

/** Keeps only the parameters that a statement uses, because SQLite refuses unused ones. */
function bound(
  sql: string,
  { parameters }: StatementContext,
): { sql: string; parameters: readonly SqlValue[] } {
  const used: SqlValue[] = [];
  const numbers = new Map<string, number>();
  const numbered = sql.replace(/\?(\d+)/g, (_, id: string) => {
    let number = numbers.get(id);
    if (number === undefined) {
      number = used.push(parameters.values[Number(id) - 1] ?? null);
      numbers.set(id, number);
    }
    return `?${number}`;
  });
  return { sql: numbered, parameters: used };
}

/** Translates the query that defines a materialized view; joins and unions are allowed. */
export function translateSource(
  statement: Statement,
  environment: TranslationEnvironment,
): TranslatedSource {
  const context = newContext({ ...environment, building: true });
  const inner = withCommonTable(context, statement);
  const { sql, columns, benefactors } = querySql(inner, statement.query, true);
  return { ...bound(sql, context), columns, benefactors };
}

function newContext(environment: TranslationEnvironment): StatementContext {
  let aliases = 0;
  return {
    environment,
    parameters: new Parameters(),
    nextAlias: () => `a${aliases++}`,
    common: new Map(),
  };
}

function withCommonTable(context: StatementContext, statement: Statement): StatementContext {
  const common = statement.with;
  if (common === undefined) {
    return context;
  }
  const source = (defining?: Condition): TableSource => {
    const table = derivedSource(context, common.name, { query: common.query }, defining);
    const { columns } = common;
    if (columns !== undefined && columns.length !== table.columns.length) {
      throw new SqlError(
        `The number of columns of ${common.name} does not match the number of its names`,
      );
    }
    const named = table.columns.map((column, index) => ({
      ...column,
      name: columns?.[index]?.name ?? column.name,
    }));
    return { ...table, columns: named };
  };
  return { ...context, common: new Map([...context.common, [common.name, source]]) };
}

/**
 * A statement as a table. `defining` is a condition on the tables that the statement reads, not on
 * its result.
 */
export function derivedSource(
  context: StatementContext,
  name: string,
  statement: Statement,
  defining?: Condition,
): TableSource {
  const inner = withCommonTable(context, statement);
  const query = defining === undefined ? statement.query : narrowed(statement.query, defining);
  const { sql, columns, benefactors } = querySql(
    inner,
    query,
    context.environment.building === true,
  );
  return {
    name,
    // With a limit, and a condition on its rows, SQLite does not merge a subquery into the select
    // that uses it. Merging copies each expression to every place that names it, which takes
    // exponential time for definitions on top of each other.
    from: `(SELECT * FROM (${sql}) LIMIT -1)`,
    derived: true,
    columns: columns.map(derivedColumn),
    system: [],
    benefactors: Array.from({ length: benefactors }, (_, index) => `b${index}`),
  };
}

function narrowed(query: Query, defining: Condition): Query {
  if (query.unions.length > 0) {
    throw new SqlError(
      'DEFINING_WHERE can only be used with a common table expression with a single inner query',
    );
  }
  const { where } = query.first;
  const both: Condition =
    where === undefined
      ? defining
      : {
          kind: 'and',
          items: [
            { kind: 'group', inner: defining },
            { kind: 'group', inner: where },
          ],
        };
  return { first: { ...query.first, where: both }, unions: [] };
}

function derivedColumn(column: OutputColumn, index: number): SourceColumn {
  const { name, type, kind, maximumSize, source, like: id } = column;
  const length = source?.maximumListLength;
  return {
    name,
    type,
    kind,
    id,
    maximumSize,
    maximumListLength: length,
    sql: `x${index}`,
    ...((kind === 'text' || kind === 'list') && { key: `x${index}k` }),
    ...(kind === 'double' && { nan: `x${index}n` }),
  };
}

function querySql(
  context: StatementContext,
  query: Query,
  withBenefactors: boolean,
): { sql: string; columns: readonly OutputColumn[]; benefactors: number } {
  const selects = [query.first, ...query.unions.map(({ select }) => select)];
  const translated = selects.map((select) => translateSelect(context, select));
  const [first] = translated;
  if (first === undefined) {
    throw new TypeError('A query has no select');
  }
  const total = withBenefactors ? translated.reduce((sum, part) => sum + countOf(part), 0) : 0;
  if (translated.length === 1) {
    const outputs = [...sourceOutputs(first), ...benefactorOutputs(first, 0, total)];
    return { sql: selectSql(first, outputs), columns: first.columns, benefactors: total };
  }
  const columns = unitedColumns(translated);
  return { sql: unionSql(query, translated, total), columns, benefactors: total };
}

/** The columns of a union: those of the first select, as wide as those of the others. */
function unitedColumns([first, ...others]: readonly TranslatedSelect[]): OutputColumn[] {
  return (first?.columns ?? []).map((column, index) => {
    const united = others.flatMap(({ columns }) => columns[index] ?? []);
    const sizes = [column, ...united].flatMap(({ maximumSize }) => maximumSize ?? []);
    return { ...column, united, ...(sizes.length > 0 && { maximumSize: Math.max(...sizes) }) };
  });
}

function countOf({ tables }: TranslatedSelect): number {
  return tables.reduce((sum, { source }) => sum + source.benefactors.length, 0);
}

/**
 * The benefactors of one select among those of all selects. The others are -1, which every user may
 * see.
 */
function benefactorOutputs(select: TranslatedSelect, before: number, total: number): string[] {
  const own = select.tables.flatMap(({ source, alias }) =>
    source.benefactors.map((column) => `coalesce(${alias}.${column}, -1)`),
  );
  return Array.from({ length: total }, (_, index) => `${own[index - before] ?? '-1'} AS b${index}`);
}

/**
 * Converts a value of a later select to the kind of the first select, which defines the columns.
 */
function likeFirst(value: Value, first: Value | undefined): Value {
  if (first === undefined || value.kind === first.kind) {
    return value;
  }
  const sql = first.kind === 'text' ? textSql(value) : value.sql;
  return { sql, kind: first.kind, type: first.type };
}

function unionSql(query: Query, selects: readonly TranslatedSelect[], total: number): string {
  const [first] = selects;
  const width = first?.values.length;
  if (first === undefined || selects.some(({ values }) => values.length !== width)) {
    throw new SqlError('The used SELECT statements have a different number of columns');
  }
  let before = 0;
  const parts = selects.map((select) => {
    const values = select.values.map((value, index) => likeFirst(value, first.values[index]));
    const outputs = [
      ...sourceOutputs({ ...select, values }),
      ...benefactorOutputs(select, before, total),
    ];
    before += countOf(select);
    return `SELECT * FROM (${selectSql(select, outputs)})`;
  });
  const all = parts.join(' UNION ALL ');
  if (query.unions.every(({ quantifier }) => quantifier === 'ALL')) {
    return all;
  }
  // Without ALL, rows with equal keys are merged.
  const keys = first.values.map((value, index) =>
    value.kind === 'text' ? `x${index}k COLLATE NOCASE` : `x${index}`,
  );
  const marks = Array.from({ length: total }, (_, index) => `b${index}`);
  return `SELECT * FROM (${all}) GROUP BY ${[...keys, ...marks].join(', ')}`;
}
