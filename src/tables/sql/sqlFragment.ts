import type { SqlScalar } from './sqlWriter.js';
import { SqlWriter } from './sqlWriter.js';

/** What can be put into `sql`: a value, a list of values, or another piece of SQL. */
export type SqlValue = SqlScalar | readonly SqlScalar[] | SqlFragment;

/** A part of a fragment. */
export type SqlPiece =
  | { kind: 'code'; text: string }
  /** A name in quotes, or an id. */
  | { kind: 'atom'; text: string }
  | { kind: 'value'; value: SqlValue | undefined };

/** A piece of SQL with its values, made by `sql`. */
export class SqlFragment {
  readonly #pieces: readonly SqlPiece[];

  /** @internal */
  constructor(pieces: readonly SqlPiece[]) {
    this.#pieces = pieces;
  }

  /**
   * The SQL text, with the values as literals.
   *
   * @throws {@link ArgumentError} for a value that SQL cannot hold, and for one inside of quotes.
   */
  get text(): string {
    const writer = new SqlWriter();
    this.#write(writer);
    return writer.text;
  }

  toString(): string {
    return this.text;
  }

  #write(writer: SqlWriter): void {
    for (const piece of this.#pieces) {
      if (piece.kind === 'code') writer.code(piece.text);
      else if (piece.kind === 'atom') writer.atom(piece.text);
      else if (piece.value instanceof SqlFragment) piece.value.#write(writer);
      else writer.value(piece.value);
    }
  }
}
