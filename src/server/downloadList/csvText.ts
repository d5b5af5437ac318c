import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';

/**
 * Rows as CSV text.
 *
 * @param descriptor how it is written; `isFirstLineHeader: false` leaves out the first row
 * @throws 400 for a separator or a quote that is not one character
 */
export function csvText(
  [header, ...rows]: readonly (readonly string[])[],
  descriptor: M.CsvTableDescriptor = {},
): string {
  const separator = oneCharacter('separator', descriptor.separator ?? ',');
  const quote = oneCharacter('quoteCharacter', descriptor.quoteCharacter ?? '"');
  const escape = oneCharacter('escapeCharacter', descriptor.escapeCharacter ?? '\\');
  const lineEnd = descriptor.lineEnd ?? '\n';
  const cell = (text: string) => {
    if (![separator, quote, '\n', '\r'].some((special) => text.includes(special))) {
      return text;
    }
    const escaped = escape === quote || descriptor.escapeCharacter === undefined ? quote : escape;
    return `${quote}${text.replaceAll(quote, `${escaped}${quote}`)}${quote}`;
  };
  const written =
    descriptor.isFirstLineHeader === false || header === undefined ? rows : [header, ...rows];
  return written.map((row) => row.map(cell).join(separator) + lineEnd).join('');
}

function oneCharacter(name: string, text: string): string {
  if (text.length !== 1) {
    throw badRequest(`The ${name} must be exactly one character.`);
  }
  return text;
}
