import { Args } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { usageError } from '../../usageError.js';

export default class DownloadListRemove extends BaseCommand {
  static override summary = 'Remove files from your download list.';

  static override description =
    'An id without a version stands for the file in any version that is on the list. The files themselves stay in Synapse.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123 syn456.2'];

  // Any number of ids.
  static override strict = false;

  static override args = {
    ids: Args.string({ description: 'Synapse ids: syn123, or syn123.4 for a version.' }),
  };

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(DownloadListRemove);
    if (argv.length === 0) throw usageError('Give the ids of files.');
    const syn = await this.connect(flags);
    const result = await syn.downloadList.remove(argv.map(String), { signal: this.signal });
    this.log(`Removed: ${result.removed}`);
    if (result.notListed > 0) this.note(`Not on the list: ${result.notListed}`);
    return result;
  }
}
