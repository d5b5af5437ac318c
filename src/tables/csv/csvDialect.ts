import type * as M from '../../../generated/models.js';
import { ArgumentError } from '../../errors.js';

/** The characters that structure a CSV text. */
export interface CsvDialect {
  /** Between cells. @default ',' */
  separator?: string;
  /** Around a cell; doubled, it stands for itself. @default '"' */
  quote?: string;
  /** Before a quote or another escape character, it makes that one literal. @default '\\' */
  escape?: string;
  /** After each row that is written. All usual line ends are read. @default '\n' */
  lineEnd?: string;
}

/**
 * Completes a dialect.
 *
 * @throws {@link ArgumentError} when a member is not one ASCII character, or two of them are the same.
 */
export function csvDialect({
  separator = ',',
  quote = '"',
  escape = '\\',
  lineEnd = '\n',
}: CsvDialect = {}): Required<CsvDialect> {
  for (const [name, character] of Object.entries({ separator, quote, escape })) {
    if (!/^[\t\x20-\x7e]$/.test(character)) {
      throw new ArgumentError(
        `The ${name} of a CSV file is one ASCII character, not ${JSON.stringify(character)}.`,
      );
    }
  }
  if (separator === quote || separator === escape) {
    throw new ArgumentError(
      `The separator of a CSV file cannot be its ${separator === quote ? 'quote' : 'escape'} character as well.`,
    );
  }
  if (!/^(?:\r\n|\n|\r)$/.test(lineEnd)) {
    throw new ArgumentError('The line end of a CSV file is \\n, \\r\\n or \\r.');
  }
  return { separator, quote, escape, lineEnd };
}

/** A dialect in the form of the API. */
export function csvDescriptor(
  dialect: Required<CsvDialect>,
  isFirstLineHeader: boolean,
): M.CsvTableDescriptor {
  return {
    separator: dialect.separator,
    quoteCharacter: dialect.quote,
    escapeCharacter: dialect.escape,
    lineEnd: dialect.lineEnd,
    isFirstLineHeader,
  };
}
