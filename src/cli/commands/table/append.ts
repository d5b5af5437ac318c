import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { csvFileArg, csvFlags, readCsvFlags } from '../../csvFlags.js';
import { entityArg } from '../../flags.js';

export default class TableAppend extends BaseCommand {
  static override summary = 'Append the rows of a CSV file to a table.';

  static override description =
    'The header of the file names columns of the table, in any order. An empty cell has no value. All rows are checked before any is ' +
    'sent; a value that does not fit is reported with its row and column. Prints the number of rows.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn789 visits.csv',
    '<%= config.bin %> <%= command.id %> syn789 visits.tsv --separator tab --dry-run',
    'make-rows | <%= config.bin %> <%= command.id %> syn789 -',
  ];

  static override args = {
    id: entityArg,
    file: csvFileArg,
  };

  static override flags = {
    ...csvFlags,
    columns: Flags.string({
      description:
        'Names of the columns, separated by commas, for a file without a header; "*" for all columns of the table.',
      helpValue: '<names>',
    }),
    'create-columns': Flags.boolean({
      description: 'Create the columns that the file has and the table lacks.',
    }),
    'expand-columns': Flags.boolean({
      description: 'Make columns larger where values are too long.',
    }),
    'first-row': Flags.integer({
      description: 'Row of the file to begin with, to continue after an error that names it.',
      helpValue: '<number>',
      min: 1,
    }),
    'dry-run': Flags.boolean({ description: 'Check the file, and send nothing.' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TableAppend);
    const input = { ...readCsvFlags('FILE', args.file, flags), header: headerOf(flags.columns) };
    const syn = await this.connect(flags);
    const report = await syn.tables.append(args.id, input, {
      createColumns: flags['create-columns'],
      expandColumns: flags['expand-columns'],
      firstRow: flags['first-row'],
      dryRun: flags['dry-run'],
      signal: this.signal,
      onProgress: await this.progress(),
    });
    const { rows, schema, ...numbers } = report;
    if (schema !== undefined && !schema.isEmpty) this.note(String(schema));
    const what = flags['dry-run'] ? 'Would append' : 'Appended';
    this.log(`${what} ${rows} ${rows === 1 ? 'row' : 'rows'} to ${args.id}`);
    return { rows, ...numbers, columns: schema?.columns, dryRun: flags['dry-run'] };
  }
}

function headerOf(columns: string | undefined): string[] | boolean {
  if (columns === undefined) return true;
  return columns === '*' ? false : columns.split(',').map((name) => name.trim());
}
