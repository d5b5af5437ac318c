import type { ColumnType } from './columnTypes.js';
import { printExpression } from './printSql.js';
import { Scope, type ScopedTable, type TableSource } from './scope.js';
import { columnHeader } from './columnHeader.js';
import { isAggregate, namedColumns, selectsRows } from './selectFacts.js';
import type { SourceColumn } from './sourceColumn.js';
import { SqlError } from './sqlError.js';
import { joinSql } from './joinSql.js';
import { translateCondition } from './translateCondition.js';
import { translateExpression } from './translateExpression.js';
import { derivedSource } from './translateQuery.js';
import type { Clause, Translation, TranslationEnvironment } from './translation.js';
import type {
  Condition,
  Expression,
  Select,
  SelectItem,
  SortItem,
  TableReference,
} from './tree.js';
import type { Parameters, Value, ValueKind } from './value.js';
import { keySql, orderSql, shownSql } from './value.js';

/** A column of a result. */
export interface OutputColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Id of the column model, for plain columns. */
  readonly id?: string;
  readonly kind: ValueKind;
  readonly scale?: number;
  readonly maximumSize?: number;
  /** The table column that is shown unchanged, if it is one. */
  readonly source?: SourceColumn;
  /** Id of the column model whose type it has, even if result rows are not rows of the table. */
  readonly like?: string;
  /** All table columns in its expression. */
  readonly named: readonly SourceColumn[];
  /** The columns of the other selects of a union. The column fits the values of all. */
  readonly united?: readonly OutputColumn[];
}

/** A translated select, before it is put into a statement. */
export interface TranslatedSelect {
  readonly columns: readonly OutputColumn[];
  readonly values: readonly Value[];
  /** Tables of the `FROM` clause. */
  readonly tables: readonly ScopedTable[];
  /** Everything from `FROM` up to `WHERE`. */
  readonly from: string;
  readonly where: readonly string[];
  readonly groupBy: readonly string[];
  readonly orderBy: readonly string[];
  readonly limit?: string;
  readonly offset?: string;
  /** Whether result rows are rows of one table. */
  readonly isRows: boolean;
}

/** The common context of the selects of a statement. */
export interface StatementContext {
  readonly environment: TranslationEnvironment;
  readonly parameters: Parameters;
  readonly nextAlias: () => string;
  /** The common table of the `WITH` clause. */
  readonly common: ReadonlyMap<string, (defining?: Condition) => TableSource>;
}

/**
 * Conditions of one table that are longer than this, in characters of SQL, count the rows that they
 * are evaluated for. Counting takes longer than evaluating a short condition.
 */
const shortCondition = 4000;
/** Characters of a condition that count as much as a row. */
const charactersPerUnit = 200;
/** Maximum number of columns that a select returns, groups by or sorts by. SQLite has the same. */
const maxColumns = 2000;

/** Translates one select. @throws SqlError */
export function translateSelect(context: StatementContext, given: Select): TranslatedSelect {
  // The service drops DISTINCT where it replaces `*` by the columns.
  const select = given.list === '*' ? { ...given, quantifier: undefined } : given;
  const joins: string[] = [];
  const tables: ScopedTable[] = [];
  collectTables(context, select.from, select.definingWhere, tables);
  const unnested: Translation['unnested'] = new Map();
  const base = {
    environment: context.environment,
    parameters: context.parameters,
    scope: new Scope(tables),
    inAggregate: false,
    unnested,
    nextAlias: context.nextAlias,
  };
  const within = (clause: Clause): Translation => ({ ...base, clause });
  const items = selectItems(select, tables);
  for (const list of [items, select.groupBy ?? [], select.orderBy ?? []]) {
    if (list.length > maxColumns) throw new SqlError(`Too many columns: at most ${maxColumns}.`);
  }
  for (const item of items) columnHeader(within('select'), item);
  const values = items.map(({ expression }) => translateExpression(within('select'), expression));
  const columns = outputColumns(within('select'), select, items, values);
  joins.push(fromSql(within('on'), select.from, tables));
  const where = visibleRows(context, tables);
  if (select.where !== undefined) {
    where.push(translateCondition(within('where'), select.where));
  }
  const groupBy = (select.groupBy ?? []).map((expression) =>
    orderSql(groupValue(within('group'), expression, items, values)),
  );
  const orderBy = (select.orderBy ?? []).map((item) =>
    sortTerm(within('order'), item, items, values),
  );
  for (const { alias, column } of unnested.values()) {
    const list = `${column.table.alias}.${column.column.sql}`;
    joins.push(`LEFT JOIN json_each(${list}) AS ${alias} ON syn_work(1, ${alias}.value IS NULL)`);
  }
  const length = [...where, ...groupBy, ...orderBy].reduce((sum, sql) => sum + sql.length, 0);
  if (context.environment.building === true || length > shortCondition) {
    where.unshift(workSql(tables.slice(0, 1), Math.ceil(length / charactersPerUnit) || 1));
  } else if (tables.some(({ source }) => source.derived === true)) {
    where.unshift(workSql(tables.slice(0, 1), 0));
  }
  return {
    columns,
    values,
    tables,
    from: joins.join(' '),
    where,
    ...groupTerms(context, { select, tables, values, groupBy }),
    orderBy,
    limit: select.limit,
    offset: select.offset,
    isRows: selectsRows(select) && tables.length === 1,
  };
}

/** `DISTINCT` is a grouping by every column, as text is distinct by its key. */
function groupTerms(
  { environment }: StatementContext,
  parts: {
    readonly select: Select;
    readonly tables: readonly ScopedTable[];
    readonly values: readonly Value[];
    readonly groupBy: readonly string[];
  },
): { groupBy: readonly string[] } {
  const { select, tables, values, groupBy } = parts;
  if (select.quantifier !== 'DISTINCT' || groupBy.length > 0 || isAggregate(select.list)) {
    return { groupBy };
  }
  // Rows with different benefactors are grouped separately.
  const benefactors =
    environment.building === true
      ? tables.flatMap(({ source, alias }) => source.benefactors.map((name) => `${alias}.${name}`))
      : [];
  return { groupBy: [...values.map(orderSql), ...benefactors] };
}

function collectTables(
  context: StatementContext,
  reference: TableReference,
  defining: Condition | undefined,
  tables: ScopedTable[],
): void {
  if (reference.kind === 'join') {
    collectTables(context, reference.left, defining, tables);
    collectTables(context, reference.right, defining, tables);
    return;
  }
  const source = lookUp(context, reference.name, defining);
  const { alias, name } = reference;
  const names = alias === undefined ? [name] : [alias.name, name];
  tables.push({ source, alias: context.nextAlias(), names });
}

function lookUp(
  context: StatementContext,
  name: string,
  defining: Condition | undefined,
): TableSource {
  const common = context.common.get(name);
  if (common !== undefined) {
    return common(defining);
  }
  const entry = context.environment.table(name);
  if (entry.kind === 'virtual') {
    const source = derivedSource(context, entry.name, entry.statement, defining);
    const columns = source.columns.map((column, index) => {
      const id = entry.columnIds[index];
      return id === undefined ? column : { ...column, id };
    });
    return { ...source, columns };
  }
  if (defining !== undefined) {
    throw new SqlError(
      'DEFINING_WHERE can only be used with a common table expression with a single inner query',
    );
  }
  return entry.source;
}

function fromSql(
  context: Translation,
  reference: TableReference,
  tables: readonly ScopedTable[],
): string {
  let next = 0;
  const write = (part: TableReference): string => {
    if (part.kind === 'join') {
      const left = write(part.left);
      const right = write(part.right);
      // Later tables are not in scope in this condition.
      const joined = tables.slice(0, next);
      const work = workSql(joined);
      const on = part.on && translateCondition({ ...context, scope: new Scope(joined) }, part.on);
      const isFirst = part.left.kind !== 'join';
      return joinSql({ type: part.type, left, right, isFirst, work, on, tables: joined });
    }
    const table = tables[next];
    next += 1;
    return table === undefined ? '' : `${table.source.from} AS ${table.alias}`;
  };
  return write(reference);
}

/**
 * A condition that is always true and counts how often it is evaluated. Because it names a column of
 * each table, it is evaluated for each combination of their rows.
 */
function workSql(tables: readonly ScopedTable[], units = 1): string {
  const marks = tables.map(({ alias, source }) => {
    const [column] = [...source.columns, ...source.system];
    return column === undefined ? '0' : `(${alias}.${column.sql} IS NULL)`;
  });
  return `syn_work(${units}, ${marks.join(' + ')})`;
}

/** Limits rows to those whose benefactors the caller may see. */
function visibleRows(context: StatementContext, tables: readonly ScopedTable[]): string[] {
  const terms: string[] = [];
  for (const { source, alias } of tables) {
    if (source.visible === undefined || context.environment.building === true) {
      continue;
    }
    const list = context.parameters.add(`[${source.visible.join(',')}]`);
    for (const benefactor of source.benefactors) {
      terms.push(`${alias}.${benefactor} IN (SELECT value FROM json_each(${list}))`);
    }
  }
  return terms;
}

/** `*` qualifies columns with their table if it has an alias, or if there are several tables. */
function selectItems(select: Select, tables: readonly ScopedTable[]): readonly SelectItem[] {
  if (select.list !== '*') {
    return select.list;
  }
  return tables.flatMap(({ source, names }) => {
    const [first, ...others] = names;
    const isNamed = others.length > 0 || tables.length > 1;
    const qualifier = isNamed && first !== undefined ? { table: { name: first } } : {};
    return source.columns.map(({ name }) => ({
      expression: { kind: 'column' as const, ...qualifier, column: { name, quote: '"' as const } },
    }));
  });
}

function outputColumns(
  context: Translation,
  select: Select,
  items: readonly SelectItem[],
  values: readonly Value[],
): OutputColumn[] {
  const columns = items.map((item, index) => outputColumn(context, item, values[index]));
  const ids = columns.map(({ like }) => like);
  // The service gives ids only when every column has one and the rows are rows of the table.
  if (!selectsRows(select) || ids.includes(undefined)) {
    return columns;
  }
  return columns.map((column, index) => {
    const id = ids[index];
    return id === undefined ? column : { ...column, id };
  });
}

function outputColumn(
  context: Translation,
  item: SelectItem,
  value: Value | undefined,
): OutputColumn {
  const { expression } = item;
  if (value === undefined || value.kind === 'interval') {
    throw new SqlError(`Unknown column ${printExpression(expression)}`);
  }
  const { kind, scale, maximumSize, column } = value;
  return {
    ...columnHeader(context, item),
    kind,
    named: namedColumns(expression).flatMap((named) => context.scope.find(named)?.column ?? []),
    scale,
    maximumSize,
    source: column,
  };
}

function groupValue(
  context: Translation,
  expression: Expression,
  items: readonly SelectItem[],
  values: readonly Value[],
): Value {
  const position = ordinal(expression, values, 'group statement');
  if (position !== undefined) {
    return position;
  }
  const aliased = aliasedValue(expression, items, values);
  // A column of the only table takes precedence over an alias here, unlike in ORDER BY.
  const isColumn =
    expression.kind === 'column' &&
    context.scope.tables.length === 1 &&
    context.scope.find(expression) !== undefined;
  return aliased === undefined || isColumn ? translateExpression(context, expression) : aliased;
}

function sortTerm(
  context: Translation,
  { expression, direction }: SortItem,
  items: readonly SelectItem[],
  values: readonly Value[],
): string {
  const value =
    ordinal(expression, values, 'order clause') ??
    aliasedValue(expression, items, values) ??
    translateExpression(context, expression);
  const sql = orderSql(value);
  return direction === undefined ? sql : `${sql} ${direction}`;
}

/** `ORDER BY 2` means the second result column. */
function ordinal(
  expression: Expression,
  values: readonly Value[],
  clause: string,
): Value | undefined {
  if (expression.kind !== 'number' || !/^\d+$/.test(expression.text)) {
    return undefined;
  }
  const value = values[Number(expression.text) - 1];
  if (value === undefined) {
    throw new SqlError(`Unknown column '${expression.text}' in '${clause}'`);
  }
  return value;
}

function aliasedValue(
  expression: Expression,
  items: readonly SelectItem[],
  values: readonly Value[],
): Value | undefined {
  if (expression.kind !== 'column' || expression.table !== undefined) {
    return undefined;
  }
  const index = items.findIndex(({ alias }) => alias?.name === expression.column.name);
  return index < 0 ? undefined : values[index];
}

/** Writes a select as SQLite, with these expressions as its columns. */
export function selectSql(select: TranslatedSelect, outputs: readonly string[]): string {
  const parts = [`SELECT ${outputs.join(', ')}`, `FROM ${select.from}`];
  if (select.where.length > 0) {
    parts.push(`WHERE ${select.where.join(' AND ')}`);
  }
  if (select.groupBy.length > 0) {
    parts.push(`GROUP BY ${select.groupBy.join(', ')}`);
  }
  if (select.orderBy.length > 0) {
    parts.push(`ORDER BY ${select.orderBy.join(', ')}`);
  }
  if (select.limit !== undefined) {
    parts.push(`LIMIT ${select.limit}`);
  }
  if (select.offset !== undefined) {
    parts.push(`OFFSET ${select.offset}`);
  }
  return parts.join(' ');
}

/** The columns of a select as `v0`, `v1`, ... */
export function valueOutputs(select: TranslatedSelect): string[] {
  return select.values.map((value, index) => `${shownSql(value)} AS v${index}`);
}

/**
 * The columns of a select for use as a table: cells as `x0`, text keys as `x0k`, NaN marks as
 * `x0n`.
 */
export function sourceOutputs(select: TranslatedSelect): string[] {
  return select.values.flatMap((value, index) => {
    const outputs = [`${value.sql} AS x${index}`];
    if (value.kind === 'text') {
      outputs.push(`${keySql(value)} AS x${index}k`);
    } else if (value.kind === 'list') {
      outputs.push(`${value.key ?? value.sql} AS x${index}k`);
    }
    if (value.kind === 'double') {
      outputs.push(`${value.nan ?? 'NULL'} AS x${index}n`);
    }
    return outputs;
  });
}
