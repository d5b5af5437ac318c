import type * as M from '../../../generated/models.js';
import { isList } from '../../values/isList.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';

/** A value that a filter compares with. */
export type FilterValue = string | number | bigint | boolean | Date;

/** A condition on one column. It has one operator; with several values, one of them has to match. */
export interface ColumnFilter {
  column: string;
  equal?: FilterValue | readonly FilterValue[];
  /** Patterns: `%` stands for any text, `_` for any character. */
  like?: string | readonly string[];
  /** For lists: one of their elements is one of these values. */
  has?: FilterValue | readonly FilterValue[];
  /** For lists: one of their elements matches one of these patterns. */
  hasLike?: string | readonly string[];
  /** Whether the condition belongs to the definition of the result, so that facets count among its rows. @default false */
  isDefiningCondition?: boolean;
}

/** A full-text search, for tables on which it is enabled. */
export interface TextFilter {
  textMatches: string;
}

/** A condition in addition to the SQL. */
export type FilterInput = ColumnFilter | TextFilter | M.QueryFilter;

/** The values of a facet that are selected: a list, or a range. `null` stands for rows without a value. */
export type FacetSelection =
  readonly (FilterValue | null)[] | { min?: FilterValue; max?: FilterValue };

const model = 'org.sagebionetworks.repo.model.table';
/** How a facet names rows without a value. */
const noValue = 'org.sagebionetworks.UNDEFINED_NULL_NOTSET';

const operators = ['equal', 'like', 'has', 'hasLike'] as const;
type Operator = (typeof operators)[number];

const filterOf: Readonly<Record<Operator, (columnName: string, values: string[]) => M.HasValues>> =
  {
    // IN compares as EQUAL does, and takes any number of values.
    equal: (columnName, values) => ({
      concreteType: `${model}.ColumnSingleValueQueryFilter`,
      columnName,
      operator: values.length === 1 ? 'EQUAL' : 'IN',
      values,
    }),
    like: (columnName, values) => ({
      concreteType: `${model}.ColumnSingleValueQueryFilter`,
      columnName,
      operator: 'LIKE',
      values,
    }),
    has: (columnName, values) => ({
      concreteType: `${model}.ColumnMultiValueFunctionQueryFilter`,
      columnName,
      function: 'HAS',
      values,
    }),
    hasLike: (columnName, values) => ({
      concreteType: `${model}.ColumnMultiValueFunctionQueryFilter`,
      columnName,
      function: 'HAS_LIKE',
      values,
    }),
  };

/**
 * A filter in the form of the API.
 *
 * @throws {@link ArgumentError} for a filter without an operator, with several, or without values.
 */
export function queryFilter(filter: FilterInput): M.QueryFilter {
  if ('concreteType' in filter) return filter;
  if ('textMatches' in filter) {
    return {
      concreteType: `${model}.TextMatchesQueryFilter`,
      searchExpression: filter.textMatches,
    };
  }
  const { column, isDefiningCondition } = filter;
  const used = operators.filter((operator) => filter[operator] !== undefined);
  const [operator] = used;
  if (operator === undefined || used.length > 1) {
    throw new ArgumentError(
      `The filter on ${quoted(column)} needs exactly one of: ${operators.join(', ')}.`,
    );
  }
  const given = filter[operator];
  const values = (Array.isArray(given) ? given : [given]) as FilterValue[];
  if (values.length === 0) {
    throw new ArgumentError(`The filter on ${quoted(column)} has no values: leave it out.`);
  }
  return { ...filterOf[operator](column, values.map(filterText)), isDefiningCondition };
}

/** The selected facets in the form of the API. */
export function facetRequests(
  selected: Readonly<Record<string, FacetSelection>> | readonly M.FacetColumnRequest[],
): M.FacetColumnRequest[] {
  if (isRequests(selected)) return [...selected];
  return Object.entries(selected).map(([columnName, selection]): M.FacetColumnRequest => {
    if (isList(selection)) {
      return {
        concreteType: `${model}.FacetColumnValuesRequest`,
        columnName,
        facetValues: selection.map((value) => (value === null ? noValue : filterText(value))),
      };
    }
    const { min, max } = selection;
    return {
      concreteType: `${model}.FacetColumnRangeRequest`,
      columnName,
      min: min === undefined ? undefined : filterText(min),
      max: max === undefined ? undefined : filterText(max),
    };
  });
}

function isRequests(selected: object): selected is readonly M.FacetColumnRequest[] {
  return Array.isArray(selected);
}

function filterText(value: FilterValue): string {
  if (!(value instanceof Date)) return String(value);
  const time = value.getTime();
  if (Number.isNaN(time)) throw new ArgumentError('A filter has an invalid date.');
  return String(time);
}
