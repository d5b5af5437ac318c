import type * as M from '../../../../generated/models.js';
import { badRequest } from '../../kernel/serviceError.js';

/** The error for a file without the expected header. */
export const missingHeader = 'Expected the first line to be the header but was empty.';

/** The characters of a CSV file. */
export interface CsvFormat {
  /** @default ',' */
  readonly separator: string;
  /** @default '"' */
  readonly quote: string;
  /** Escape character for quotes and itself. @default '\\' */
  readonly escape: string;
  /** Written after each row; `\n`, `\r\n` and `\r` are all read. @default '\n' */
  readonly lineEnd: string;
  /** @default true */
  readonly isFirstLineHeader: boolean;
}

/**
 * The CSV format of a request.
 *
 * @throws 400 when one of the three characters is not a single one
 */
export function csvFormat(descriptor: M.CsvTableDescriptor = {}): CsvFormat {
  return {
    separator: single('separator', descriptor.separator, ','),
    quote: single('quoteCharacter', descriptor.quoteCharacter, '"'),
    escape: single('escapeCharacter', descriptor.escapeCharacter, '\\'),
    lineEnd: descriptor.lineEnd ?? '\n',
    isFirstLineHeader: descriptor.isFirstLineHeader ?? true,
  };
}

function single(name: string, value: string | undefined, fallback: string): string {
  if (value === undefined) {
    return fallback;
  }
  if (value.length !== 1) {
    throw badRequest(`CsvTableDescriptor.${name} must be exactly one character.`);
  }
  return value;
}
