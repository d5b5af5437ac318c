import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { csvFileArg, csvFlags, readCsvFlags } from '../../csvFlags.js';
import { exitCodes } from '../../exitCodes.js';
import { entityArg } from '../../flags.js';

export default class TableUpsert extends BaseCommand {
  static override summary = 'Update the rows that have the same keys, and add the others.';

  static override description =
    'A row of the table whose key columns have the same values is updated where other values differ. Everything is applied, or ' +
    'nothing. An empty cell clears a value; columns that the file lacks keep theirs. Keys are compared exactly: case and accents matter. ' +
    'Rows cannot be added to a view: those that it does not have are listed, with exit status 5.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn789 visits.csv --key patient --key day',
    '<%= config.bin %> <%= command.id %> syn789 visits.csv --key patient --dry-run',
    'cat visits.tsv | <%= config.bin %> <%= command.id %> syn789 - --key patient --separator tab',
  ];

  static override args = { id: entityArg, file: csvFileArg };

  static override flags = {
    key: Flags.string({
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      description: 'Column that identifies a row. Repeat it for several columns.',
      helpValue: '<name>',
    }),
    'update-all': Flags.boolean({
      description: 'Update all rows that have the key of a row. Otherwise, several are an error.',
    }),
    wait: Flags.boolean({ description: 'Wait until a view shows the changes.' }),
    'dry-run': Flags.boolean({
      aliases: ['dryRun'],
      default: false,
      description: 'Only print what would be changed.',
    }),
    ...csvFlags,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TableUpsert);
    const dryRun = flags['dry-run'];
    const syn = await this.connect(flags);
    const report = await syn.tables.upsert(args.id, readCsvFlags('FILE', args.file, flags), {
      keys: flags.key,
      ifSeveralMatch: flags['update-all'] ? 'updateAll' : 'error',
      wait: flags.wait,
      dryRun,
      signal: this.signal,
      onProgress: await this.progress(),
    });
    const { inserted, updated, unchanged, problems } = report;
    this.log(`Inserted: ${inserted}, updated: ${updated}, unchanged: ${unchanged}`);
    for (const { row, message } of problems) this.note(`Row ${row}: ${message}`);
    if (problems.length > 0) process.exitCode = exitCodes.partial;
    if (dryRun) this.note('Nothing was changed: this was a dry run.');
    return { dryRun, ...report };
  }
}
