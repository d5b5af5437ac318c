import type * as M from '../../generated/models.js';
import { columnTypes, isColumnType, type ColumnType } from './columnTypes.js';

const allFacets: readonly M.FacetType[] = ['enumeration', 'range'];

const facets: Partial<Record<ColumnType, readonly M.FacetType[]>> = {
  INTEGER: allFacets,
  STRING: allFacets,
  DOUBLE: ['range'],
  DATE: ['range'],
  USERID: ['enumeration'],
  ENTITYID: ['enumeration'],
  SUBMISSIONID: ['enumeration'],
  EVALUATIONID: ['enumeration'],
  BOOLEAN: ['enumeration'],
};

/** The facets that a column of a type can have. */
export function facetsOf(type: ColumnType): readonly M.FacetType[] {
  return columnTypes[type].isList ? ['enumeration'] : (facets[type] ?? []);
}

const withoutDefault: ReadonlySet<ColumnType> = new Set([
  'ENTITYID',
  'SUBMISSIONID',
  'EVALUATIONID',
  'FILEHANDLEID',
  'USERID',
  'MEDIUMTEXT',
  'LARGETEXT',
  'ENTITYID_LIST',
  'USERID_LIST',
]);

/** Whether a column of a type can have a default value. */
export function canHaveDefault(type: ColumnType): boolean {
  return !withoutDefault.has(type);
}

/** The type of lists of a type, if there is one. */
export function listTypeOf(type: ColumnType): ColumnType | undefined {
  const list = `${type}_LIST`;
  return isColumnType(list) ? list : undefined;
}

/** Whether Synapse can convert the values of a column of a table to another type. */
export function isConvertible(from: ColumnType, to: ColumnType): boolean {
  if (from === to) return true;
  const isFixed = (type: ColumnType): boolean => type === 'FILEHANDLEID' || type === 'JSON';
  if (isFixed(from) || isFixed(to) || columnTypes[from].isList) return false;
  return !columnTypes[to].isList || listTypeOf(from) === to;
}
