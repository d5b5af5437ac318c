import { Args, Flags } from '@oclif/core';
import type { CsvInput } from '../index.js';

/** The argument of commands that read rows. */
export const csvFileArg = Args.string({
  description: 'CSV file with a header, or - for standard input.',
  required: true,
});

export const csvFlags = {
  separator: Flags.string({
    description: 'Character between cells; "tab" for tabs.',
    helpValue: '<character>',
    default: ',',
  }),
};

/** The rows of a CSV file, or of standard input. */
export function csvRows(file: string, { separator }: { separator: string }): CsvInput {
  return {
    csv: file === '-' ? process.stdin : file,
    separator: separator === 'tab' ? '\t' : separator,
  };
}
