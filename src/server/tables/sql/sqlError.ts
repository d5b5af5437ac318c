export const joinNotSupported = 'The JOIN keyword is not supported in this context';

/** A query that is not valid. The message is for its author. */
export class SqlError extends Error {
  override readonly name: string = 'SqlError';
}

/**
 * Text that does not follow the grammar. The message names the token, its position and the expected
 * tokens.
 */
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
