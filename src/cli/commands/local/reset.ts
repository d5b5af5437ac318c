import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { yesFlag } from '../../flags.js';
import { ofKind } from '../../valueKind.js';

export default class LocalReset extends BaseCommand {
  static override summary = 'Delete all data of a local Synapse.';

  static override description =
    'The next start with this directory is a new server. A directory that is in use, or that contains other files, is not changed.';

  static override examples = ['<%= config.bin %> <%= command.id %> --data ./synapse-data --yes'];

  static override flags = {
    data: ofKind(
      'directory',
      Flags.string({
        description: 'Data directory to empty.',
        helpValue: '<directory>',
        required: true,
      }),
    ),
    ...yesFlag,
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
    const question = `Remove everything in ${data}?`;
    const removed = flags.yes || (await this.confirm(question, 'add --yes to delete all data'));
    if (removed) await resetDataDir(data);
    this.log(removed ? `Emptied ${data}` : `Did not change ${data}`);
    return { data, removed };
  }
}
