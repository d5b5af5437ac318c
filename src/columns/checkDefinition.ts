import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';
import { checkColumns } from './checkColumns.js';
import { columnNameProblem } from './columnNames.js';
import type { ColumnsInput, TableColumn } from './columnModel.js';
import { columnTypes } from './columnTypes.js';
import { readNamed } from './readColumn.js';

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
  const read = Object.entries(columns).map(([name, column]) => {
    // Rows have these names as they are, so white space around one is not removed.
    const problem = columnNameProblem(name);
    if (problem !== undefined) throw new ArgumentError(problem);
    return readNamed(name, column);
  });
  for (const column of read) checkSizes(column);
  checkColumns(read);
}

/** Synapse ignores sizes that a type does not have; in code, they are mistakes. */
function checkSizes({ name, columnType, maximumSize, maximumListLength }: TableColumn): void {
  const { isSized, isList } = columnTypes[columnType];
  const unused =
    maximumSize !== undefined && !isSized
      ? 'maximumSize'
      : maximumListLength !== undefined && !isList
        ? 'maximumListLength'
        : undefined;
  if (unused === undefined) return;
  throw new ArgumentError(`Column ${quoted(name)} is a ${columnType}, which has no ${unused}.`);
}
