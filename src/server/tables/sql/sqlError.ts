/** A query that cannot be served as it is written; the message is meant for its author. */
export class SqlError extends Error {
  override readonly name: string = 'SqlError';
}

/** Text that does not follow the grammar. The message names the token, its place and what could stand there. */
export class SqlSyntaxError extends SqlError {
  override readonly name = 'SqlSyntaxError';
  /** Line of the offending token, from 1. */
  readonly line: number;
  /** Column of the offending token, from 1. */
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}
