import { javaDouble, mysqlDouble } from './numberText.js';
import type { OutputColumn } from './translateSelect.js';
import type { SqlValue } from './value.js';

/** The properties of a column that determine how its values are formatted. */
export type CellFormat = Pick<OutputColumn, 'kind' | 'scale' | 'source' | 'type'>;

/** Formats a value of a result as the API does. */
export function formatCell(value: SqlValue, column: CellFormat): string | null {
  const { kind, type, scale } = column;
  if (value === null) {
    return null;
  }
  if (typeof value === 'number' && kind === 'double') {
    // The service selects the cells of a column as text, because of NaN, so MySQL formats them.
    const isCell = column.source !== undefined && Number.isFinite(value);
    return isCell ? mysqlDouble(value) : javaDouble(value);
  }
  if (typeof value === 'number' && kind === 'decimal') {
    return value.toFixed(scale ?? 0);
  }
  const text = String(value);
  switch (type) {
    case 'BOOLEAN':
      return text === '0' ? 'false' : text === '1' ? 'true' : text;
    case 'ENTITYID':
      return /^\d+$/.test(text) ? `syn${text}` : text;
    case 'ENTITYID_LIST':
      // The service reformats these without the spaces of MySQL.
      return text.replaceAll(' ', '').replace(/\d+/g, '"syn$&"');
    default:
      return text;
  }
}
