import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { csvFileArg, csvFlags, readCsvFlags } from '../../csvFlags.js';
import { entityArg } from '../../flags.js';

export default class TableUpdate extends BaseCommand {
  static override summary = 'Change rows of a table, or annotations through a view.';

  static override description =
    'The file has the columns ROW_ID and ROW_VERSION, as query results do; for a view also ROW_ETAG. Its other columns are changed; an ' +
    'empty cell clears a value. Nothing is changed in a table when one of the rows has changed since it was read. The rows of a ' +
    'view are changed one by one; those that are not are listed, with exit status 5.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn789 changed.csv',
    '<%= config.bin %> <%= command.id %> syn789 - --dry-run',
  ];

  static override args = { id: entityArg, file: csvFileArg };

  static override flags = {
    overwrite: Flags.boolean({
      description: 'Also change rows without ROW_VERSION, whatever they contain now.',
    }),
    wait: Flags.boolean({ description: 'Wait until a view shows the changes.' }),
    'dry-run': Flags.boolean({
      aliases: ['dryRun'],
      default: false,
      description: 'Only check the rows, and print how many would be changed.',
    }),
    ...csvFlags,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TableUpdate);
    const dryRun = flags['dry-run'];
    const syn = await this.connect(flags);
    const report = await syn.tables.update(args.id, readCsvFlags('FILE', args.file, flags), {
      overwrite: flags.overwrite,
      wait: flags.wait,
      dryRun,
      signal: this.signal,
      onProgress: await this.progress(),
    });
    this.log(`Updated: ${report.updated}, unchanged: ${report.unchanged}`);
    if (dryRun) this.note('Nothing was changed: this was a dry run.');
    return { dryRun, ...report };
  }
}
