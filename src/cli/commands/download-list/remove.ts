import { BaseCommand } from '../../baseCommand.js';
import { listedFilesArg } from '../../listedFilesArg.js';
import { usageError } from '../../usageError.js';

export default class DownloadListRemove extends BaseCommand {
  static override summary = 'Remove files from your download list.';

  static override description =
    'An id without a version stands for the file in any version that is on the list. The files themselves stay in Synapse.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123 syn456.2'];

  static override args = { ids: listedFilesArg };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DownloadListRemove);
    if (args.ids === undefined) throw usageError('Give the ids of files.');
    const syn = await this.connect(flags);
    const result = await syn.downloadList.remove(args.ids, { signal: this.signal });
    this.log(`Removed: ${result.removed}`);
    if (result.notListed > 0) this.note(`Not on the list: ${result.notListed}`);
    return result;
  }
}
