import type { ColumnType } from './columnTypes.js';
import { isListType, isTextType } from './columnTypes.js';
import { constantFor } from './compare.js';
import { SqlError } from './sqlError.js';
import { translateExpression } from './translateExpression.js';
import type { Translation } from './translation.js';
import type { CastExpression } from './tree.js';
import type { Value } from './value.js';
import { isNumeric, kindOfType, numberSql, textSql } from './value.js';

/** The column type of a `CAST`. @throws SqlError when it names an unknown column */
export function castType(context: Translation, { target }: CastExpression): ColumnType {
  if (target.type !== undefined) {
    return target.type;
  }
  const column = context.environment.columnById(target.columnId);
  if (column === undefined) {
    throw new SqlError(`Column does not exist for id: ${target.columnId}`);
  }
  return column.type;
}

/** `CAST(x AS INTEGER)`, `CAST(x AS 123)`. */
export function translateCast(context: Translation, expression: CastExpression): Value {
  const type = castType(context, expression);
  const value = translateExpression(context, expression.operand);
  const size = value.maximumSize === undefined ? {} : { maximumSize: value.maximumSize };
  const constant = value.literal === undefined ? undefined : constantFor(type, value.literal);
  const kind = kindOfType(type);
  if (constant !== undefined && kind !== 'text' && kind !== 'list' && kind !== 'json') {
    return { sql: context.parameters.add(constant), kind, type };
  }
  return { sql: castSql(value, type), kind, type, ...size };
}

function castSql(value: Value, type: ColumnType): string {
  if (isTextType(type)) {
    return textSql(value);
  }
  if (isListType(type) || type === 'JSON') {
    return value.kind === 'json' || value.kind === 'list'
      ? value.sql
      : `syn_json(${textSql(value)})`;
  }
  switch (type) {
    case 'DOUBLE':
      return `CAST(${numberSql(value)} AS REAL)`;
    case 'ENTITYID': {
      const text = textSql(value);
      return `CAST(CASE WHEN ${text} LIKE 'syn%' THEN substr(${text}, 4) ELSE ${text} END AS INTEGER)`;
    }
    case 'BOOLEAN': {
      const text = textSql(value);
      return `(CASE lower(${text}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE CAST(${text} AS INTEGER) END)`;
    }
    default:
      // MySQL rounds numbers and truncates text.
      return isNumeric(value)
        ? `CAST(round(${value.sql}) AS INTEGER)`
        : `CAST(${textSql(value)} AS INTEGER)`;
  }
}
