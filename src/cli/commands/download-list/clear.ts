import { BaseCommand } from '../../baseCommand.js';
import { yesFlag } from '../../flags.js';

export default class DownloadListClear extends BaseCommand {
  static override summary = 'Remove all files from your download list.';

  static override description =
    'The files themselves stay in Synapse. Asks for confirmation, unless --yes is given.';

  static override examples = ['<%= config.bin %> <%= command.id %> --yes'];

  static override flags = {
    ...yesFlag,
  };

  async run(): Promise<{ cleared: boolean }> {
    const { flags } = await this.parse(DownloadListClear);
    const cleared =
      flags.yes ||
      (await this.confirm(
        'Remove all files from your download list?',
        'add --yes to clear the list',
      ));
    if (cleared) {
      const syn = await this.connect(flags);
      await syn.downloadList.clear({ signal: this.signal });
    }
    this.log(cleared ? 'Cleared the download list' : 'Did not clear the download list');
    return { cleared };
  }
}
