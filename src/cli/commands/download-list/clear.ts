import { Flags } from '@oclif/core';
import { ask, canAsk } from '../../ask.js';
import { BaseCommand } from '../../baseCommand.js';
import { usageError } from '../../usageError.js';

export default class DownloadListClear extends BaseCommand {
  static override summary = 'Remove all files from your download list.';

  static override description =
    'The files themselves stay in Synapse. Asks for confirmation, unless --yes is given.';

  static override examples = ['<%= config.bin %> <%= command.id %> --yes'];

  static override flags = {
    yes: Flags.boolean({ char: 'y', description: 'Do not ask for confirmation.' }),
  };

  async run(): Promise<{ cleared: boolean }> {
    const { flags } = await this.parse(DownloadListClear);
    const cleared = flags.yes || (await this.#confirm());
    if (cleared) {
      const syn = await this.connect(flags);
      await syn.downloadList.clear({ signal: this.signal });
    }
    this.log(cleared ? 'Cleared the download list' : 'Did not clear the download list');
    return { cleared };
  }

  async #confirm(): Promise<boolean> {
    if (!canAsk() || this.jsonEnabled()) {
      throw usageError('No terminal to ask for confirmation: add --yes to clear the list.');
    }
    const question = 'Remove all files from your download list? (y/N)';
    const answer = await ask(question, { secret: false, signal: this.signal });
    return /^y(?:es)?$/i.test(answer.trim());
  }
}
