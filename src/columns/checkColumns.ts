import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';
import type { TableColumn } from './columnModel.js';
import { canHaveDefault, facetsOf } from './columnFacts.js';
import {
  listLengths,
  maximumColumns,
  maximumEnumValues,
  maximumSizes,
  widestRow,
  widthOf,
} from './columnLimits.js';
import { columnNameProblem } from './columnNames.js';
import { columnTypes } from './columnTypes.js';
import { normalDefault } from './normalColumn.js';
import { valueProblem } from './valueProblem.js';

/**
 * Checks the columns of a table or view as Synapse does, before anything is sent.
 *
 * @throws {@link ArgumentError} that names the column and the problem.
 */
export function checkColumns(columns: readonly TableColumn[]): void {
  for (const column of columns) checkColumn(column);
  const names = new Set<string>();
  for (const column of columns) {
    const name = column.name.trim();
    if (names.has(name)) throw new ArgumentError(`There are two columns named ${quoted(name)}.`);
    names.add(name);
  }
  if (columns.length > maximumColumns) {
    throw new ArgumentError(
      `A table or view has at most ${maximumColumns} columns, this one has ${columns.length}.`,
    );
  }
  checkWidth(columns);
}

function checkWidth(columns: readonly TableColumn[]): void {
  const width = columns.reduce((sum, column) => sum + widthOf(column), 0);
  if (width <= widestRow) return;
  const widest = [...columns]
    .sort((a, b) => widthOf(b) - widthOf(a))
    .slice(0, 3)
    .map((column) => `${quoted(column.name)} (${widthOf(column)})`);
  throw new ArgumentError(
    `A row of these columns can have ${width} bytes, but Synapse allows ${widestRow}. The widest columns are ${widest.join(', ')}: ` +
      'reduce their maximumSize or maximumListLength, or use MEDIUMTEXT or LARGETEXT.',
  );
}

/**
 * Checks one column.
 *
 * @throws {@link ArgumentError} that names the column and the problem.
 */
export function checkColumn(column: TableColumn): void {
  // Synapse removes white space around a name.
  const nameProblem = columnNameProblem(column.name.trim());
  if (nameProblem !== undefined) throw new ArgumentError(nameProblem);
  for (const check of checks) {
    const problem = check(column);
    if (problem !== undefined) {
      throw new ArgumentError(`Column ${quoted(column.name)}: ${problem}.`);
    }
  }
}

/** What is wrong with a column; `undefined` for nothing. */
type Check = (column: TableColumn) => string | undefined;

const checkSize: Check = ({ columnType, maximumSize: size }) => {
  if (size === undefined || !columnTypes[columnType].isSized) return undefined;
  const { least, most } = maximumSizes;
  return isBetween(size, least, most)
    ? undefined
    : `its maximumSize is ${quoted(size)}, but it must be from ${least} to ${most}. ` +
        'For longer texts, use MEDIUMTEXT (2,000 characters) or LARGETEXT (524,288)';
};

const checkListLength: Check = ({ columnType, maximumListLength: length }) => {
  if (length === undefined || !columnTypes[columnType].isList) return undefined;
  const { least, most } = listLengths;
  return isBetween(length, least, most)
    ? undefined
    : `its maximumListLength is ${quoted(length)}, but it must be from ${least} to ${most}`;
};

function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

const checkFacet: Check = ({ columnType, facetType }) => facetProblem(columnType, facetType);

function facetProblem(
  type: TableColumn['columnType'],
  facet: TableColumn['facetType'],
): string | undefined {
  const allowed = facetsOf(type);
  if (facet === undefined || allowed.includes(facet)) return undefined;
  return allowed.length === 0
    ? `${type} cannot have a facet`
    : `the facet of ${type} can be ${allowed.join(' or ')}, not ${quoted(facet)}`;
}

const checkEnum: Check = (column) => {
  const values: unknown = column.enumValues;
  if (values === undefined) return undefined;
  if (!isTexts(values)) return 'its enumValues are not a list of texts';
  if (values.length > maximumEnumValues) {
    return `it has ${values.length} enumValues, but Synapse allows ${maximumEnumValues}`;
  }
  for (const value of values) {
    const problem = elementProblem(value, column);
    if (problem !== undefined) return `the value ${quoted(value)} of its enumValues ${problem}`;
  }
  return undefined;
};

/** The values that a list is limited to are those of its elements. */
function elementProblem(value: string, column: TableColumn): string | undefined {
  const { isList } = columnTypes[column.columnType];
  return valueProblem(isList ? JSON.stringify([value]) : value.trim(), column);
}

function isTexts(values: unknown): values is string[] {
  return Array.isArray(values) && values.every((value) => typeof value === 'string');
}

const checkDefault: Check = (column) => {
  const { columnType, enumValues } = column;
  const given: unknown = column.defaultValue;
  if (given === undefined) return undefined;
  if (typeof given !== 'string') return `its default value ${quoted(given)} must be a text`;
  const value = normalDefault(column);
  if (value === undefined) return undefined;
  if (!canHaveDefault(columnType)) return `${columnType} cannot have a default value`;
  const problem = valueProblem(value, column);
  if (problem !== undefined) return `its default value ${quoted(value)} ${problem}`;
  const isAllowed = columnTypes[columnType].isList || (enumValues?.includes(value) ?? true);
  return isAllowed ? undefined : `its default value ${quoted(value)} is not one of its enumValues`;
};

const checkSubColumns: Check = ({ columnType, jsonSubColumns }) => {
  if (jsonSubColumns === undefined) return undefined;
  if (columnType !== 'JSON') return `only JSON can have jsonSubColumns, not ${columnType}`;
  const names = new Set<string>();
  for (const { name, columnType: type, facetType, jsonPath } of jsonSubColumns) {
    if (!name || type === undefined || !jsonPath) {
      return 'each of its jsonSubColumns needs name, columnType and jsonPath';
    }
    if (names.has(name)) return `it has two jsonSubColumns named ${quoted(name)}`;
    names.add(name);
    const problem = facetProblem(type, facetType);
    if (problem !== undefined) return `in its jsonSubColumn ${quoted(name)}, ${problem}`;
  }
  return undefined;
};

const checks: readonly Check[] = [
  checkSize,
  checkListLength,
  checkFacet,
  checkEnum,
  checkDefault,
  checkSubColumns,
];
