import type * as M from '../../../../generated/models.js';
import { badRequest } from '../../kernel/serviceError.js';
import type { StoredColumn } from '../columnModels.js';
import { isListType } from '../sql/columnTypes.js';
import { parseSelectStatement, parseWholeExpression } from '../sql/parseQuery.js';
import { printExpression } from '../sql/printSql.js';
import { holdsAggregate } from '../sql/selectFacts.js';
import { requireSingleSelect } from '../sql/translateQuery.js';
import type { Condition, Expression, Select, SortItem, Statement } from '../sql/tree.js';
import { facetConditions } from './facetConditions.js';

/** A query combined with the filters, facets, sort and limits of its request. */
export interface CombinedQuery {
  /** The SQL with filters, facets and sort, with only the limits of the SQL. */
  readonly unlimited: Statement;
  /** The same, with the limits of the request. */
  readonly limited: Statement;
  /** The SQL with filters, without facets: facets are counted among its rows. */
  readonly withoutFacets: Statement;
}

/** Reads the SQL of a query: one plain select. @throws SqlError */
export function parseQuery(sql: string | undefined): Statement {
  if (sql === undefined || sql.trim() === '') {
    throw badRequest('query.sql is required.');
  }
  const statement = parseSelectStatement(sql);
  requireSingleSelect(statement);
  return statement;
}

/** Adds the filters, facets, sort and limits of a request to a query. @throws 400 */
export function combineQuery(
  statement: Statement,
  query: M.Query,
  schema: readonly StoredColumn[],
): CombinedQuery {
  const filters = query.additionalFilters ?? [];
  const defining = filters.filter(({ isDefiningCondition }) => isDefiningCondition === true);
  const plain = filters.filter(({ isDefiningCondition }) => isDefiningCondition !== true);
  const select = withSort(statement.query.first, query.sort);
  const filtered: Select = {
    ...select,
    ...conditionMember('definingWhere', select.definingWhere, defining, schema),
    ...conditionMember('where', select.where, plain, schema),
  };
  const facets = facetConditions(query.selectedFacets ?? [], schema);
  const faceted: Select = facets.length === 0 ? filtered : narrow(filtered, facets);
  const over = (first: Select): Statement => ({ ...statement, query: { first, unions: [] } });
  return {
    withoutFacets: over(filtered),
    unlimited: over(faceted),
    limited: over({ ...faceted, ...window(faceted, query) }),
  };
}

/** A select that also satisfies these conditions. */
export function narrow(select: Select, conditions: readonly Condition[]): Select {
  const added = allOf(conditions);
  const where =
    added === undefined ? select.where : merged(select.where, { kind: 'group', inner: added });
  return where === undefined ? select : { ...select, where };
}

function conditionMember(
  name: 'definingWhere' | 'where',
  existing: Condition | undefined,
  filters: readonly M.QueryFilter[],
  schema: readonly StoredColumn[],
): Partial<Select> {
  const added = allOf(
    filters.map((filter) => ({ kind: 'group', inner: filterCondition(filter, schema) })),
  );
  return added === undefined ? {} : { [name]: merged(existing, added) };
}

/** Both of two conditions, each in parentheses. */
export function merged(first: Condition | undefined, second: Condition): Condition {
  if (first === undefined) {
    return second;
  }
  return {
    kind: 'and',
    items: [
      { kind: 'group', inner: first },
      { kind: 'group', inner: second },
    ],
  };
}

/** The conjunction of conditions. */
function allOf(conditions: readonly Condition[]): Condition | undefined {
  const [first] = conditions;
  return conditions.length <= 1 ? first : { kind: 'and', items: conditions };
}

function filterCondition(filter: M.QueryFilter, schema: readonly StoredColumn[]): Condition {
  switch (filter.concreteType) {
    case 'org.sagebionetworks.repo.model.table.TextMatchesQueryFilter':
      return { kind: 'textMatches', search: searchOf(filter) };
    case 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter':
      return singleValueCondition(filter);
    case 'org.sagebionetworks.repo.model.table.ColumnMultiValueFunctionQueryFilter': {
      const name = 'ColumnMultiValueFunctionQueryFilter';
      const left = filterColumn(filter.columnName, name);
      const values = filterValues(filter.values, name);
      if (filter.function === undefined) {
        throw badRequest(`${name}.function is required.`);
      }
      const column = schema.find(({ name: known }) => known === filter.columnName);
      if (column !== undefined && !isListType(column.columnType)) {
        throw badRequest(
          `The ${filter.function} keyword only works for columns that hold list values`,
        );
      }
      const kind = filter.function === 'HAS_LIKE' ? 'hasLike' : 'has';
      return { kind, left, negated: false, values };
    }
  }
}

function searchOf({ searchExpression }: M.TextMatchesQueryFilter): string {
  const name = 'TextMatchesQueryFilter.searchExpression';
  const search = requireText(searchExpression, name);
  if (search.trim() === '') {
    throw badRequest(`${name} is required and must not be a blank string.`);
  }
  return search;
}

function requireText(text: string | undefined, name: string): string {
  if (text === undefined) {
    throw badRequest(`${name} is required.`);
  }
  if (text === '') {
    throw badRequest(`${name} is required and must not be the empty string.`);
  }
  return text;
}

function singleValueCondition(filter: M.ColumnSingleValueQueryFilter): Condition {
  const name = 'ColumnSingleValueQueryFilter';
  const left = filterColumn(filter.columnName, name);
  const values = filterValues(filter.values, name);
  switch (filter.operator) {
    case 'IN':
      return { kind: 'in', left, negated: false, values };
    case 'LIKE':
      return anyOf(values.map((pattern) => ({ kind: 'like', left, negated: false, pattern })));
    case 'EQUAL':
      return anyOf(values.map((right) => ({ kind: 'comparison', left, operator: '=', right })));
    case undefined:
      throw badRequest(`${name}.operator is required.`);
  }
}

function anyOf(conditions: readonly Condition[]): Condition {
  const [first] = conditions;
  return conditions.length === 1 && first !== undefined ? first : { kind: 'or', items: conditions };
}

/** A column by its exact name. */
export function columnExpression(name: string): Expression & { kind: 'column' } {
  return { kind: 'column', column: { name, quote: '"' } };
}

function filterColumn(
  columnName: string | undefined,
  name: string,
): ReturnType<typeof columnExpression> {
  return columnExpression(requireText(columnName, `${name}.columnName`));
}

function filterValues(values: readonly string[] | undefined, name: string): Expression[] {
  if (values === undefined) {
    throw badRequest(`${name}.values is required.`);
  }
  if (values.length === 0) {
    throw badRequest(`${name}.values is required and must not be empty.`);
  }
  return values.map((value) => ({ kind: 'string', value }));
}

/** The sort of the request comes before that of the SQL, and replaces what it repeats. */
function withSort(select: Select, sort: readonly M.SortItem[] | undefined): Select {
  if (sort === undefined || sort.length === 0) {
    return select;
  }
  const names = new Set(sort.map(({ column }) => column));
  const items = sort.map(({ column, direction }): SortItem => {
    if (column === undefined) {
      throw badRequest('SortItem.column is required.');
    }
    return { expression: sortExpression(column), direction: direction ?? 'ASC' };
  });
  const others = (select.orderBy ?? []).filter(
    ({ expression }) => !names.has(printExpression(expression)),
  );
  return { ...select, orderBy: [...items, ...others] };
}

/** A sort item is the name of a column, or the SQL of an aggregate. */
function sortExpression(column: string): Expression {
  const expression = parseWholeExpression(column);
  return expression !== undefined && holdsAggregate(expression)
    ? expression
    : columnExpression(column);
}

const noLimit = 9_223_372_036_854_775_807n;

/** The limits of the request, within the limits of the SQL. */
function window(select: Select, { limit, offset }: M.Query): Pick<Select, 'limit' | 'offset'> {
  if ((limit ?? 0) < 0 || (offset ?? 0) < 0) {
    throw badRequest('Limit and offset must not be negative.');
  }
  if (limit === undefined && offset === undefined) {
    return {};
  }
  const skipped = BigInt(offset ?? 0);
  const inner = BigInt(select.limit ?? noLimit) - skipped;
  const wanted = BigInt(limit ?? noLimit);
  const smaller = inner < wanted ? inner : wanted;
  return {
    limit: String(smaller < 0n ? 0n : smaller),
    offset: String(BigInt(select.offset ?? 0) + skipped),
  };
}

/** Limits a select to at most `rows` rows. */
export function atMost(select: Select, rows: number): Select {
  const limit = select.limit === undefined ? noLimit : BigInt(select.limit);
  return { ...select, limit: String(limit < BigInt(rows) ? limit : BigInt(rows)) };
}
