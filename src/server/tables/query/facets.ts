import type * as M from '../../../../generated/models.js';
import { badRequest } from '../../kernel/serviceError.js';
import { limits } from '../../limits.js';
import type { StoredColumn } from '../columnModels.js';
import { isListType } from '../sql/columnTypes.js';
import { formatCell } from '../sql/formatCell.js';
import { translateStatement } from '../sql/translateQuery.js';
import type { TranslationEnvironment } from '../sql/translation.js';
import type { Expression, Select, Statement } from '../sql/tree.js';
import type { TableDatabase } from '../tableDatabase.js';
import { narrow } from './combineQuery.js';
import type { FacetColumn } from './facetConditions.js';
import {
  facetColumns,
  facetConditions,
  facetExpression,
  isAbout,
  nullKeyword,
} from './facetConditions.js';

/** Maximum number of values per facet. */
const maxValues = limits.facetValues;

/** The input for computing facets. */
export interface FacetQuery {
  readonly db: TableDatabase;
  readonly environment: TranslationEnvironment;
  /** The query with its filters, without selections. */
  readonly statement: Statement;
  readonly schema: readonly StoredColumn[];
  readonly selections: readonly M.FacetColumnRequest[];
}

/** Counts and ranges of each facet, among the rows that match the other facets. */
export async function facetResults(query: FacetQuery): Promise<M.FacetColumnResult[]> {
  requireDistinct(query.selections);
  const results: M.FacetColumnResult[] = [];
  for (const facet of facetColumns(query.schema)) {
    // Each facet reads the whole table.
    await query.db.pause();
    const others = query.selections.filter((request) => !isAbout(facet, request));
    const own = query.selections.find((request) => isAbout(facet, request));
    const { from, where, definingWhere } = query.statement.query.first;
    const base: Select = {
      list: '*',
      from,
      definingWhere,
      where,
    };
    const select = narrow(base, facetConditions(others, query.schema));
    results.push(
      facet.facetType === 'range'
        ? rangeResult(query, facet, select, own)
        : valuesResult(query, facet, select, own),
    );
  }
  return results;
}

/** @throws 400 when a facet is selected twice */
function requireDistinct(selections: readonly M.FacetColumnRequest[]): void {
  const keys = selections.map(({ columnName, jsonPath }) => JSON.stringify([columnName, jsonPath]));
  if (new Set(keys).size < keys.length) {
    throw badRequest('Request contains QueryRequestFacetColumn with a duplicate column name');
  }
}

function rows(query: FacetQuery, select: Select): (string | null)[][] {
  const statement = { ...query.statement, query: { first: select, unions: [] } };
  const translated = translateStatement(statement, query.environment);
  return query.db
    .all(translated.sql, translated.parameters)
    .map((row) =>
      translated.columns.map((column, index) => formatCell(row[`v${index}`] ?? null, column)),
    );
}

function valuesResult(
  query: FacetQuery,
  facet: FacetColumn,
  select: Select,
  request: M.FacetColumnRequest | undefined,
): M.FacetColumnResultValues {
  const value = valueExpression(facet);
  const count: Expression = { kind: 'aggregate', name: 'COUNT' };
  const direction = facet.sort?.direction;
  const byValue = { expression: value, direction: direction ?? 'ASC' };
  const byCount = { expression: count, direction: direction ?? 'DESC' };
  const found = rows(query, {
    ...select,
    list: [{ expression: value }, { expression: count }],
    groupBy: [value],
    orderBy:
      facet.sort?.property === 'VALUE'
        ? [byValue]
        : [byCount, { expression: value, direction: 'ASC' }],
    limit: String(maxValues),
  });
  const selected = new Set(
    request?.concreteType === 'org.sagebionetworks.repo.model.table.FacetColumnValuesRequest'
      ? request.facetValues
      : [],
  );
  return {
    concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnResultValues',
    columnName: facet.columnName,
    jsonPath: facet.jsonPath,
    facetType: 'enumeration',
    facetValues: found.map(([text, number]) => {
      const shown = text ?? nullKeyword;
      return { value: shown, count: Number(number), isSelected: selected.has(shown) };
    }),
  };
}

/** List elements are counted separately. */
function valueExpression(facet: FacetColumn): Expression {
  const expression = facetExpression(facet);
  if (expression.kind === 'column' && isListType(facet.columnType)) {
    return { kind: 'unnest', column: expression };
  }
  return expression;
}

function rangeResult(
  query: FacetQuery,
  facet: FacetColumn,
  select: Select,
  request: M.FacetColumnRequest | undefined,
): M.FacetColumnResultRange {
  const expression = facetExpression(facet);
  const operand: Expression =
    expression.kind === 'call'
      ? { kind: 'cast', operand: expression, target: { type: facet.columnType } }
      : expression;
  const [found] = rows(query, {
    ...select,
    list: [
      { expression: { kind: 'aggregate', name: 'MIN', operand } },
      { expression: { kind: 'aggregate', name: 'MAX', operand } },
    ],
  });
  const [columnMin, columnMax] = found ?? [];
  const range =
    request?.concreteType === 'org.sagebionetworks.repo.model.table.FacetColumnRangeRequest'
      ? request
      : undefined;
  return {
    concreteType: 'org.sagebionetworks.repo.model.table.FacetColumnResultRange',
    columnName: facet.columnName,
    jsonPath: facet.jsonPath,
    facetType: 'range',
    ...(typeof columnMin === 'string' && { columnMin }),
    ...(typeof columnMax === 'string' && { columnMax }),
    ...(range?.min !== undefined && { selectedMin: range.min }),
    ...(range?.max !== undefined && { selectedMax: range.max }),
  };
}
