import type { SourceColumn } from './sql/sourceColumn.js';

/** `ROW_ID` and the other system columns, as columns. */
export function systemColumns(hasEtags: boolean, benefactors: number): SourceColumn[] {
  const columns: SourceColumn[] = [
    { name: 'ROW_ID', type: 'INTEGER', sql: 'row_id' },
    { name: 'ROW_VERSION', type: 'INTEGER', sql: 'row_version' },
  ];
  if (hasEtags) {
    columns.push({ name: 'ROW_ETAG', type: 'STRING', maximumSize: 36, sql: 'row_etag' });
  }
  if (benefactors > 0) {
    columns.push({ name: 'ROW_BENEFACTOR', type: 'INTEGER', sql: 'b0' });
  }
  return columns;
}

/** SQLite columns with the benefactor entities of a row, which decide who may see it. */
export function benefactorNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `b${index}`);
}
