import { Flags } from '@oclif/core';
import { ask, canAsk } from '../../ask.js';
import { BaseCommand } from '../../baseCommand.js';
import { usageError } from '../../usageError.js';

export default class LocalReset extends BaseCommand {
  static override summary = 'Delete all data of a local Synapse.';

  static override description =
    'The next start with this directory is a new server. A directory that is in use, or that contains other files, is not changed.';

  static override examples = ['<%= config.bin %> <%= command.id %> --data ./synapse-data --yes'];

  static override flags = {
    data: Flags.string({
      description: 'Data directory to empty.',
      helpValue: '<directory>',
      required: true,
    }),
    yes: Flags.boolean({ char: 'y', description: 'Do not ask for confirmation.' }),
  };

  async run(): Promise<{ data: string; removed: boolean }> {
    const { flags } = await this.parse(LocalReset);
    const { data } = flags;
    const { readDataDirState, resetDataDir } = await import('../../../server/index.js');
    const { hasData, pid } = await readDataDirState(data);
    if (!hasData) throw new Error(`${data} has no data of a local Synapse: nothing was removed.`);
    if (pid !== undefined) {
      throw new Error(
        `A local Synapse uses ${data} (process ${pid}): stop it first. Nothing was removed.`,
      );
    }
    const removed = flags.yes || (await this.#confirm(data));
    if (removed) await resetDataDir(data);
    this.log(removed ? `Emptied ${data}` : `Did not change ${data}`);
    return { data, removed };
  }

  async #confirm(data: string): Promise<boolean> {
    if (!canAsk() || this.jsonEnabled()) {
      throw usageError('No terminal to ask for confirmation: add --yes to delete all data.');
    }
    const answer = await ask(`Remove everything in ${data}? (y/N)`, {
      secret: false,
      signal: this.signal,
    });
    return /^y(?:es)?$/i.test(answer.trim());
  }
}
