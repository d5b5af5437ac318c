import { Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { columnListing } from '../columnListing.js';
import { csvFlags, readCsvFlags } from '../csvFlags.js';
import { ofKind } from '../valueKind.js';
import { idsFlag } from '../flags.js';

export default class StoreTable extends BaseCommand {
  static override summary = 'Create a table from a CSV file.';

  static override description =
    'The columns follow from the header and the values of the file, by the rules of the Python client. All rows are checked before ' +
    'the table is created. Prints the id of the table as JSON.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> --name visits --parentid syn123 --csv visits.csv',
    '<%= config.bin %> <%= command.id %> --name visits --parentid syn123 --csv visits.tsv --separator tab --exact',
  ];

  static override flags = {
    name: Flags.string({ description: 'Name of the table.', helpValue: '<name>', required: true }),
    parentid: ofKind(
      'container',
      Flags.string({
        aliases: ['parentId', 'parent-id'],
        description: 'Synapse id of the project or folder.',
        helpValue: '<id>',
        required: true,
      }),
    ),
    csv: ofKind(
      'file',
      Flags.string({
        description: 'CSV file with a header, or - for standard input.',
        helpValue: '<file>',
        required: true,
      }),
    ),
    ...csvFlags,
    exact: Flags.boolean({
      description:
        'Choose the columns such that they keep every value as it is: also dates, lists, JSON and ids.',
    }),
    'dry-run': Flags.boolean({ description: 'Check the file, and print the columns.' }),
    ...idsFlag,
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(StoreTable);
    const { name, parentid, exact } = flags;
    const input = readCsvFlags('--csv', flags.csv, flags);
    const syn = await this.connect(flags);
    const { table, columns, rows, transactions } = await syn.tables.fromRows(input, {
      name,
      parent: parentid,
      profile: exact ? 'exact' : 'python-legacy',
      dryRun: flags['dry-run'],
      signal: this.signal,
      onProgress: await this.progress(),
    });
    if (table !== undefined) {
      // The line of the Python client.
      this.logId(flags, table.id, `{"tableId": "${table.id}"}`);
      this.note(`${rows} ${rows === 1 ? 'row' : 'rows'} stored.`);
      return { tableId: table.id, rows, transactions, columns };
    }
    this.log(await columnListing(columns));
    this.note(`${rows} ${rows === 1 ? 'row fits' : 'rows fit'}. Nothing was stored.`);
    return { dryRun: true, rows, columns };
  }
}
