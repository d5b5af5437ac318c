import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';
import { columnNameProblem } from './columnNames.js';
import { columnTypes, isColumnType } from './columnTypes.js';
import type { ColumnProperties, ColumnsInput } from './columnModel.js';

const mostColumns = 152;
const sizes = { least: 1, most: 1000 };
const listLengths = { least: 2, most: 100 };

/**
 * Checks columns that code defines, so that a mistake is found where it was made. The types of TypeScript do not find all: columns
 * may come from JavaScript, or from a file.
 *
 * @throws {@link ArgumentError}
 */
export function checkDefinition(columns: ColumnsInput | null | undefined): void {
  if (columns === null || typeof columns !== 'object' || Array.isArray(columns)) {
    throw new ArgumentError(
      "A table is defined by its columns: defineTable({ columns: { age: 'INTEGER' } }).",
    );
  }
  const entries = Object.entries(columns);
  if (entries.length > mostColumns) {
    throw new ArgumentError(
      `A table has at most ${mostColumns} columns, this one has ${entries.length}.`,
    );
  }
  for (const [name, column] of entries) {
    const problem = columnNameProblem(name);
    if (problem !== undefined) throw new ArgumentError(problem);
    checkColumn(name, typeof column === 'string' ? { type: column } : column);
  }
}

function checkColumn(name: string, column: ColumnProperties | null | undefined): void {
  const type: unknown = column?.type;
  if (!isColumnType(type)) {
    throw new ArgumentError(
      `Column ${quoted(name)} has the type ${quoted(type ?? null)}, which does not exist. Types: ${Object.keys(columnTypes).join(', ')}.`,
    );
  }
  const { isSized, isList } = columnTypes[type];
  const { maximumSize, maximumListLength, jsonSubColumns } = column ?? {};
  checkNumber({ name, type, property: 'maximumSize', ...sizes }, maximumSize, isSized);
  checkNumber(
    { name, type, property: 'maximumListLength', ...listLengths },
    maximumListLength,
    isList,
  );
  if (jsonSubColumns !== undefined && type !== 'JSON') {
    throw new ArgumentError(`Column ${quoted(name)} is a ${type}: only JSON has jsonSubColumns.`);
  }
}

interface NumberRule {
  name: string;
  type: string;
  property: string;
  least: number;
  most: number;
}

function checkNumber(
  { name, type, property, least, most }: NumberRule,
  value: number | undefined,
  isPossible: boolean,
): void {
  if (value === undefined) return;
  if (!isPossible) {
    throw new ArgumentError(`Column ${quoted(name)} is a ${type}, which has no ${property}.`);
  }
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new ArgumentError(
    `Column ${quoted(name)} has the ${property} ${quoted(value)}: it must be from ${least} to ${most}.`,
  );
}
