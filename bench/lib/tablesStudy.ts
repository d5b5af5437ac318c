import type { ColumnType } from '../../src/columns/columnTypes.js';

/** The columns of the table that is measured, by name. */
const types = {
  name: 'STRING',
  age: 'INTEGER',
  score: 'DOUBLE',
  ok: 'BOOLEAN',
  seen: 'DATE',
  tags: 'STRING_LIST',
  ent: 'ENTITYID',
  note: 'STRING',
  big: 'INTEGER',
  cat: 'STRING',
} as const satisfies Record<string, ColumnType>;

/** As columns of a result. */
export const studyColumns = Object.entries(types).map(([name, columnType]) => ({
  name,
  columnType,
}));

/** A row of the table: quotes, characters beyond ASCII, nulls, integers beyond 2^53, doubles with all their digits. */
export function studyRow(index: number): Record<keyof typeof types, unknown> {
  return {
    name: `patient ${index} ${index % 7 === 0 ? 'é,"x"' : ''}`,
    age: index % 90,
    score: Math.sin(index),
    ok: index % 2 === 1,
    seen: 1_575_000_000_000 + index * 1000,
    tags: [`a${index % 5}`, 'b'],
    ent: `syn${1000 + index}`,
    note: index % 3 === 0 ? null : `note \\ ${index}`,
    big: 9_007_199_254_740_993n + BigInt(index),
    cat: `cat${index % 10}`,
  };
}

/** SQL that makes the columns of DuckDB comparable: it reads lists in CSV as their JSON, and without the escape character of Synapse. */
export function duckColumns(from: 'csv' | 'parquet'): string {
  const isCsv = from === 'csv';
  return [
    'ROW_ID',
    'ROW_VERSION',
    'name',
    'age',
    'score',
    'ok',
    isCsv ? 'seen' : 'epoch_ms(seen) as seen',
    isCsv ? `replace(tags, '", "', '","') as tags` : 'to_json(tags)::varchar as tags',
    'ent',
    isCsv ? `replace(note, '\\\\', '\\') as note` : 'note',
    'big',
    'cat',
  ].join(', ');
}
