import { javaDouble, mysqlDouble } from './numberText.js';
import type { OutputColumn } from './translateSelect.js';
import type { SqlValue } from './value.js';

/** How a column's values are written out. */
export type CellFormat = Pick<OutputColumn, 'kind' | 'scale' | 'source' | 'type'>;

/** A value of a result as the API writes it. */
export function formatCell(value: SqlValue, column: CellFormat): string | null {
  const { kind, type, scale } = column;
  if (value === null) {
    return null;
  }
  if (typeof value === 'number' && kind === 'double') {
    // The service selects the cells of a column as text, since NaN is a word; MySQL writes it.
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
      // The service writes these anew, without the spaces of MySQL.
      return text.replaceAll(' ', '').replace(/\d+/g, '"syn$&"');
    default:
      return text;
  }
}
