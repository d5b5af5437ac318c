import { javaDouble, mysqlDouble } from './numberText.js';
import { SqlError } from './sqlError.js';
import type { OutputColumn } from './translateSelect.js';
import type { SqlValue } from './value.js';

/** The properties of a column that determine how its values are formatted. */
export type CellFormat = Pick<OutputColumn, 'kind' | 'scale' | 'source' | 'type'>;

/**
 * Formats a value of a result as the API does.
 *
 * @throws SqlError for a value that the type of its column cannot show
 */
export function formatCell(value: SqlValue, column: CellFormat): string | null {
  if (value === null) {
    return null;
  }
  const text = valueText(value, column);
  switch (column.type) {
    case 'BOOLEAN':
      return booleanText(text);
    case 'ENTITYID':
      return entityText(text);
    case 'ENTITYID_LIST':
      // The service reformats these without the spaces of MySQL.
      return text.replaceAll(' ', '').replace(/\d+/g, '"syn$&"');
    default:
      return text;
  }
}

/** A value as MySQL writes it. */
function valueText(value: SqlValue, { kind, scale, source }: CellFormat): string {
  if (typeof value !== 'number') {
    return String(value);
  }
  switch (kind) {
    case 'double': {
      // The service selects the cells of a column as text, because of NaN, so MySQL formats them.
      const isCell = source !== undefined && Number.isFinite(value);
      return isCell ? mysqlDouble(value) : javaDouble(value);
    }
    case 'decimal':
      return value.toFixed(scale ?? 0);
    default:
      return String(value);
  }
}

const truths: Readonly<Record<string, string>> = {
  0: 'false',
  1: 'true',
  false: 'false',
  true: 'true',
};

function booleanText(text: string): string {
  const shown = truths[text.toLowerCase()];
  if (shown === undefined) {
    throw new SqlError(`Not a boolean: ${text}`);
  }
  return shown;
}

function entityText(text: string): string {
  if (!/^[+-]?\d{1,19}$/.test(text)) {
    throw new SqlError(`For input string: "${text}"`);
  }
  return `syn${text}`;
}
