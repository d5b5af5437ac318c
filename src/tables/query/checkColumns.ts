import type * as M from '../../../generated/models.js';
import type { ColumnInput, ColumnsInput } from '../../columns/columnModel.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';

/**
 * Checks that a result has the columns of a definition, with their types. It may have others.
 *
 * @throws {@link ArgumentError} that names every column that is missing or has another type.
 */
export function checkColumns(found: readonly M.SelectColumn[], defined: ColumnsInput): void {
  const types = new Map(found.map(({ name, columnType }) => [name, columnType]));
  const problems = Object.entries(defined).flatMap(([name, input]) => {
    const expected = typeOf(input);
    const type = types.get(name);
    if (!types.has(name)) return [`column ${quoted(name)} is missing`];
    return type === expected
      ? []
      : [`column ${quoted(name)} has the type ${type ?? 'unknown'}, not ${expected}`];
  });
  if (problems.length === 0) return;
  throw new ArgumentError(
    `The result does not fit the definition of its table: ${problems.join('; ')}. ` +
      'Select all columns of the definition, or give the type of the rows instead of it: query<Row>(sql).',
  );
}

function typeOf(input: ColumnInput): M.ColumnType {
  return typeof input === 'string' ? input : input.type;
}
