import type * as M from '../../../../generated/models.js';
import { badRequest } from '../../kernel/serviceError.js';
import type { StoredColumn } from '../columnModels.js';
import { isListType } from '../sql/columnTypes.js';
import type { CallExpression, ColumnExpression, Condition, Expression } from '../sql/tree.js';

/** Represents "no value" in requests and results. */
export const nullKeyword = 'org.sagebionetworks.UNDEFINED_NULL_NOTSET';

/** A column or a part of a JSON column with a facet. */
export interface FacetColumn {
  readonly columnName: string;
  readonly jsonPath?: string;
  readonly columnType: M.ColumnType;
  readonly facetType: M.FacetType;
  readonly sort?: M.FacetColumnSortConfig;
}

/** All facets of a schema, in order. */
export function facetColumns(schema: readonly StoredColumn[]): FacetColumn[] {
  return schema.flatMap(({ name, columnType, facetType, facetSortConfig, jsonSubColumns }) => {
    const own: FacetColumn[] =
      facetType === undefined
        ? []
        : [
            {
              columnName: name,
              columnType,
              facetType,
              ...(facetSortConfig !== undefined && { sort: facetSortConfig }),
            },
          ];
    const parts = (jsonSubColumns ?? []).flatMap((part): FacetColumn[] =>
      part.facetType === undefined || part.columnType === undefined || part.jsonPath === undefined
        ? []
        : [
            {
              columnName: name,
              jsonPath: part.jsonPath,
              columnType: part.columnType,
              facetType: part.facetType,
              ...(part.facetSortConfig !== undefined && { sort: part.facetSortConfig }),
            },
          ],
    );
    return [...own, ...parts];
  });
}

/** Whether a selection belongs to a facet. */
export function isAbout(facet: FacetColumn, request: M.FacetColumnRequest): boolean {
  return facet.columnName === request.columnName && facet.jsonPath === request.jsonPath;
}

/** @throws 400 for a selection without a facet in the schema */
export function checkSelections(
  selections: readonly M.FacetColumnRequest[],
  schema: readonly StoredColumn[],
): void {
  const facets = facetColumns(schema);
  for (const request of selections) {
    const { columnName = '', jsonPath } = request;
    const column = schema.find(({ name }) => name === columnName);
    if (column === undefined) {
      throw badRequest(
        `Facet selection: '${columnName}' does not match any column name of the schema`,
      );
    }
    const facet = facets.find((candidate) => isAbout(candidate, request));
    if (facet === undefined) {
      throw badRequest(missingFacet(column, jsonPath));
    }
    const wanted =
      facet.facetType === 'range' ? 'FacetColumnRangeRequest' : 'FacetColumnValuesRequest';
    if (!request.concreteType.endsWith(`.${wanted}`)) {
      throw badRequest(`facetColumnRequest was not an instance of ${wanted}`);
    }
  }
}

function missingFacet(column: StoredColumn, jsonPath: string | undefined): string {
  if (jsonPath === undefined) {
    return 'columnModel.facetType is required.';
  }
  const isKnown = column.jsonSubColumns?.some((part) => part.jsonPath === jsonPath) === true;
  return isKnown
    ? 'subColumn.facetType is required.'
    : `Could not find a subColumn with jsonPath '${jsonPath}' for column '${column.name}'`;
}

/** The conditions of selections. Selections without values are skipped. @throws 400 */
export function facetConditions(
  selections: readonly M.FacetColumnRequest[],
  schema: readonly StoredColumn[],
): Condition[] {
  checkSelections(selections, schema);
  const facets = facetColumns(schema);
  return selections.flatMap((request) => {
    const facet = facets.find((candidate) => isAbout(candidate, request));
    return facet === undefined ? [] : selectionCondition(facet, request);
  });
}

function selectionCondition(facet: FacetColumn, request: M.FacetColumnRequest): Condition[] {
  const items =
    request.concreteType === 'org.sagebionetworks.repo.model.table.FacetColumnRangeRequest'
      ? rangeConditions(facet, request)
      : valueConditions(facet, request);
  return items.length === 0 ? [] : [{ kind: 'group', inner: { kind: 'or', items } }];
}

function valueConditions(facet: FacetColumn, request: M.FacetColumnValuesRequest): Condition[] {
  const left = facetExpression(facet);
  const values = request.facetValues ?? [];
  const wanted = values.filter((value) => value !== nullKeyword);
  const conditions: Condition[] = values.includes(nullKeyword) ? [isNull(left)] : [];
  if (wanted.length === 0) {
    return conditions;
  }
  if (isListType(facet.columnType)) {
    const list = wanted.map((value): Expression => ({ kind: 'string', value }));
    return [{ kind: 'has', left, negated: false, values: list }, ...conditions];
  }
  const equals = wanted.map((value): Condition => ({
    kind: 'comparison',
    left,
    operator: '=',
    right: facetValue(facet, value),
  }));
  return [...equals, ...conditions];
}

function rangeConditions(facet: FacetColumn, request: M.FacetColumnRangeRequest): Condition[] {
  const left = facetExpression(facet);
  const { min, max } = request;
  if (min === nullKeyword || max === nullKeyword) {
    return [isNull(left)];
  }
  const low = min === undefined || min === '' ? undefined : facetValue(facet, min);
  const high = max === undefined || max === '' ? undefined : facetValue(facet, max);
  if (low !== undefined && high !== undefined) {
    return [{ kind: 'between', left, negated: false, low, high }];
  }
  if (low !== undefined) {
    return [{ kind: 'comparison', left, operator: '>=', right: low }];
  }
  return high === undefined ? [] : [{ kind: 'comparison', left, operator: '<=', right: high }];
}

function isNull(left: CallExpression | ColumnExpression): Condition {
  return { kind: 'is', left, negated: false, value: 'NULL' };
}

/** The expression of a facet: a column or a part of a JSON column. */
export function facetExpression(facet: FacetColumn): CallExpression | ColumnExpression {
  const column: ColumnExpression = {
    kind: 'column',
    column: { name: facet.columnName, quote: '"' },
  };
  if (facet.jsonPath === undefined) {
    return column;
  }
  const path: Expression = { kind: 'string', value: facet.jsonPath };
  const part: CallExpression = { kind: 'call', name: 'JSON_EXTRACT', args: [column, path] };
  return facet.columnType === 'STRING'
    ? { kind: 'call', name: 'JSON_UNQUOTE', args: [part] }
    : part;
}

/** A value to compare a facet with: parts of JSON have no type. */
function facetValue(facet: FacetColumn, value: string): Expression {
  const literal: Expression = { kind: 'string', value };
  return facet.jsonPath === undefined
    ? literal
    : { kind: 'cast', operand: literal, target: { type: facet.columnType } };
}
