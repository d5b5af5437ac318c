import type { ColumnType } from './columnTypes.js';
import { columnTitle } from './printSql.js';
import { typeOf, typeSource } from './resultType.js';
import { isSystemName } from './scope.js';
import { namedColumns } from './selectFacts.js';
import { SqlError } from './sqlError.js';
import type { Translation } from './translation.js';
import type { SelectItem } from './tree.js';

/** Name and type of a result column, and the column model that it is like, if there is one. */
export interface ColumnHeader {
  readonly name: string;
  readonly type: ColumnType;
  readonly like?: string;
}

/**
 * The header of a result column, as the service derives it from the SQL.
 *
 * @throws SqlError for a column that the table does not have
 */
export function columnHeader(
  { environment, scope }: Translation,
  { expression, alias }: SelectItem,
): ColumnHeader {
  const name = alias?.name ?? columnTitle(expression);
  const source = typeSource(expression);
  const target = source.cast?.target;
  if (target?.type !== undefined) {
    return { name, type: target.type };
  }
  if (target !== undefined) {
    const model = environment.columnById(target.columnId);
    if (model === undefined) {
      throw new SqlError(`Column does not exist for id: ${target.columnId}`);
    }
    return { name: alias?.name ?? model.name, type: model.type, like: model.id };
  }
  const [first] = source.isQuoted === undefined ? [] : namedColumns(expression);
  const column = first === undefined ? undefined : scope.find(first)?.column;
  const isKnown = column !== undefined || (first !== undefined && isSystemName(first.column.name));
  if (!isKnown && source.returns === undefined && !source.isConstant) {
    throw new SqlError(`Unknown column ${name}`);
  }
  const type = typeOf(source, column?.type);
  return column?.id !== undefined && column.name === name
    ? { name, type, like: column.id }
    : { name, type };
}
