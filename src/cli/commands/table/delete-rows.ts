import { Flags } from '@oclif/core';
import type { RowsToDelete } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { csvFlags, readCsvFlags } from '../../csvFlags.js';
import { entityArg } from '../../flags.js';

const one = { exactlyOne: ['query', 'row', 'csv'] };

export default class TableDeleteRows extends BaseCommand {
  static override summary = 'Delete rows of a table.';

  static override description =
    'All of the rows are deleted, or none: not when one of them is missing, nor when one has changed since its ROW_VERSION was read.';

  static override examples = [
    `<%= config.bin %> <%= command.id %> syn123 --query "select * from syn123 where status = 'withdrawn'"`,
    '<%= config.bin %> <%= command.id %> syn123 --row 5 --row 9',
    '<%= config.bin %> <%= command.id %> syn123 --csv rows.csv --dry-run',
  ];

  static override args = { id: entityArg };

  static override flags = {
    query: Flags.string({
      ...one,
      description: 'Query of the table. The rows that it finds are deleted.',
      helpValue: '<sql>',
    }),
    row: Flags.string({
      ...one,
      multiple: true,
      multipleNonGreedy: true,
      description: 'ROW_ID of a row.',
      helpValue: '<id>',
    }),
    csv: Flags.string({
      ...one,
      description: 'CSV file with the columns ROW_ID and ROW_VERSION, or - for standard input.',
      helpValue: '<file>',
    }),
    'dry-run': Flags.boolean({
      aliases: ['dryRun'],
      default: false,
      description: 'Only print how many rows would be deleted.',
    }),
    ...csvFlags,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TableDeleteRows);
    const { query, row, csv } = flags;
    const dryRun = flags['dry-run'];
    const rows: RowsToDelete = query ?? row ?? readCsvFlags('--csv', csv ?? '-', flags);
    const syn = await this.connect(flags);
    const { deleted } = await syn.tables.deleteRows(args.id, rows, {
      dryRun,
      signal: this.signal,
      onProgress: await this.progress(),
    });
    this.log(dryRun ? `Rows to delete: ${deleted}` : `Deleted rows: ${deleted}`);
    return { dryRun, deleted };
  }
}
