import { Args, Flags } from '@oclif/core';
import type { CsvInput } from '../index.js';
import { usageError } from './usageError.js';
import { ofKind } from './valueKind.js';

/** The argument of commands that read rows. */
export const csvFileArg = ofKind(
  'file',
  Args.string({
    description: 'CSV file with a header, or - for standard input.',
    required: true,
  }),
);

/** How a CSV file is written, for commands that read one. */
export const csvFlags = {
  separator: Flags.string({
    description: 'Character between cells; tab or \\t for a tab. Default: a comma.',
    helpValue: '<character>',
  }),
  quote: Flags.string({
    description: 'Character around cells. Default: a double quote.',
    helpValue: '<character>',
  }),
  escape: Flags.string({
    description: 'Character before a quote that is part of a cell. Default: a backslash.',
    helpValue: '<character>',
  }),
  'skip-lines': Flags.integer({
    description: 'Lines before the header.',
    helpValue: '<number>',
    min: 0,
  }),
};

/**
 * Reads the flags of a CSV file.
 *
 * @param name - What names the file, for messages: `--csv`.
 * @param file - `-` stands for standard input.
 * @throws a usage error when there is no file.
 */
export function readCsvFlags(
  name: string,
  file: string,
  flags: {
    separator?: string | undefined;
    quote?: string | undefined;
    escape?: string | undefined;
    'skip-lines'?: number | undefined;
  },
): CsvInput {
  if (file === '') throw usageError(`${name} is empty: give the path of a CSV file.`);
  return {
    csv: file === '-' ? process.stdin : file,
    separator: flags.separator?.replace(/^(?:\\t|tab)$/, '\t'),
    quote: flags.quote,
    escape: flags.escape,
    skipLines: flags['skip-lines'],
  };
}
