import { ArgumentError } from '../../errors.js';
import { escapeColumnName } from '../../values/sql.js';
import { bindParameters } from './bindParameters.js';
import { SqlFragment, type SqlPiece, type SqlValue } from './sqlFragment.js';
import { tableText } from './sqlWriter.js';

/** Writes SQL with values in it: see {@link sql}. */
export interface Sql {
  (code: TemplateStringsArray, ...values: SqlValue[]): SqlFragment;

  /** The name of a column, in double quotes. Any name is possible: quotes in it are doubled. */
  id(column: string | { name: string }): SqlFragment;

  /**
   * A table, view or dataset: `sql.table('syn123.4')` is version 4 of it.
   *
   * @throws {@link ArgumentError} when this is not an id, or an object that has one.
   */
  table(table: string | { id?: string | undefined }): SqlFragment;

  /**
   * Puts pieces or values one after the other.
   *
   * @param separator - Code between them. @default ', '
   * @throws {@link ArgumentError} when there are none.
   *
   * @example
   * const names = ['patient', 'first visit'];
   * sql`select ${sql.join(names.map((name) => sql.id(name)))} from syn123`;
   */
  join(items: Iterable<SqlValue>, separator?: SqlFragment | string): SqlFragment;

  /** Code as it is. Never pass text that somebody else has written. */
  raw(code: string): SqlFragment;

  /**
   * Replaces the parameters of an SQL text, such as `:age`, by values. There are no parameters in quotes and comments.
   *
   * @throws {@link ArgumentError} for a parameter without a value, and a value without a parameter.
   *
   * @example
   * sql.bind('select * from syn123 where age > :age', { age: 40 });
   */
  bind(text: string, values: Readonly<Record<string, SqlValue>>): SqlFragment;
}

/**
 * Writes SQL with values in it. Whatever a value contains, it stays a value: it cannot become a part of the code.
 *
 * Texts, numbers, bigints, booleans and `null` become literals, a `Date` its milliseconds since 1970, a list `(1, 2)`, a stored
 * entity its id. After FROM, an id such as `'syn123'` is the table, and a snapshot is its version. Another `sql` piece is inserted with its values.
 *
 * @throws {@link ArgumentError} (when it is used) for a value that SQL cannot hold: `undefined`, NaN, an infinity, an invalid
 * date, an empty list, an object without an id; for a value inside of quotes; and for a comparison with `null`.
 *
 * @example
 * const ids = ['a', "b's"];
 * const query = sql`select * from ${'syn123'} where age > ${40} and patient in ${ids}`;
 * String(query); // select * from syn123 where age > 40 and patient in ('a', 'b''s')
 */
export const sql: Sql = Object.assign(template, {
  id: (column: string | { name: string }) => atom(escapeColumnName(column)),
  table: (table: string | { id?: string | undefined }) => atom(tableText(table)),
  raw: (code: string) => new SqlFragment([{ kind: 'code', text: code }]),
  join,
  bind: bindParameters,
});

function template(code: TemplateStringsArray, ...values: SqlValue[]): SqlFragment {
  if (!Array.isArray(code)) {
    throw new ArgumentError(
      'Write sql`...`, a template, not sql(...). For text without values, use sql.raw.',
    );
  }
  return new SqlFragment(
    code.flatMap((text, index): SqlPiece[] => {
      const piece: SqlPiece = { kind: 'code', text };
      return index < values.length ? [piece, { kind: 'value', value: values[index] }] : [piece];
    }),
  );
}

function join(items: Iterable<SqlValue>, separator: SqlFragment | string = ', '): SqlFragment {
  const between: SqlPiece =
    typeof separator === 'string'
      ? { kind: 'code', text: separator }
      : { kind: 'value', value: separator };
  const pieces = Array.from(items).flatMap((value, index): SqlPiece[] => {
    const piece: SqlPiece = { kind: 'value', value };
    return index === 0 ? [piece] : [between, piece];
  });
  if (pieces.length === 0) throw new ArgumentError('sql.join needs at least one item.');
  return new SqlFragment(pieces);
}

function atom(text: string): SqlFragment {
  return new SqlFragment([{ kind: 'atom', text }]);
}
