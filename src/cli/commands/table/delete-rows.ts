import { Flags } from '@oclif/core';
import type { RowsToDelete } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { csvFlags, readCsvFlags } from '../../csvFlags.js';
import { entityArg, yesFlag } from '../../flags.js';
import { usageError } from '../../usageError.js';
import { ofKind } from '../../valueKind.js';

const one = { exactlyOne: ['query', 'row', 'csv'] };

export default class TableDeleteRows extends BaseCommand {
  static override summary = 'Delete rows of a table.';

  static override description =
    'All of the rows are deleted, or none: not when one of them is missing, nor when one has changed since its ROW_VERSION was read. Asks for confirmation, unless --yes is given.';

  static override examples = [
    `<%= config.bin %> <%= command.id %> syn789 --query "select * from syn789 where status = 'withdrawn'"`,
    '<%= config.bin %> <%= command.id %> syn789 --row 5 --row 9 --yes',
    '<%= config.bin %> <%= command.id %> syn789 --csv rows.csv --dry-run',
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
    csv: ofKind(
      'file',
      Flags.string({
        ...one,
        description: 'CSV file with the columns ROW_ID and ROW_VERSION, or - for standard input.',
        helpValue: '<file>',
      }),
    ),
    'dry-run': Flags.boolean({
      aliases: ['dryRun'],
      default: false,
      description: 'Only print how many rows would be deleted.',
    }),
    ...csvFlags,
    ...yesFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TableDeleteRows);
    const { query, row, csv } = flags;
    const dryRun = flags['dry-run'];
    const isSure = dryRun || flags.yes;
    const otherwise = 'add --yes to delete the rows, or --dry-run to count them';
    if (!isSure) {
      this.requireTerminal(otherwise);
      // Standard input cannot give the rows and the answer.
      if (csv === '-') throw usageError(`--csv - asks nothing: ${otherwise}.`);
    }
    const rows: RowsToDelete = query ?? row ?? readCsvFlags('--csv', csv ?? '-', flags);
    const syn = await this.connect(flags);
    const options = { signal: this.signal, onProgress: await this.progress() };
    if (!isSure) {
      const { deleted: found } = await syn.tables.deleteRows(args.id, rows, {
        dryRun: true,
        ...options,
      });
      const question = `Delete ${found} row${found === 1 ? '' : 's'} of ${args.id}?`;
      if (found > 0 && !(await this.confirm(question, otherwise))) {
        this.log('Deleted rows: 0');
        return { dryRun, deleted: 0 };
      }
    }
    const { deleted } = await syn.tables.deleteRows(args.id, rows, { dryRun, ...options });
    this.log(dryRun ? `Rows to delete: ${deleted}` : `Deleted rows: ${deleted}`);
    return { dryRun, deleted };
  }
}
