import { BaseCommand } from '../../baseCommand.js';
import { entityArg, yesFlag } from '../../flags.js';

export default class StorageReset extends BaseCommand {
  static override summary = 'Remove the storage setting of a project or folder.';

  static override description =
    'Uploads then go where the container above stores its files. Files that are there already stay where they are. Asks for confirmation, unless --yes is given.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123 --yes'];

  static override args = { id: entityArg };

  static override flags = {
    ...yesFlag,
  };

  async run(): Promise<{ id: string; removed: boolean }> {
    const { args, flags } = await this.parse(StorageReset);
    const question = `Remove the storage setting of ${args.id}?`;
    const isSure = flags.yes || (await this.confirm(question, 'add --yes to remove the setting'));
    if (!isSure) {
      this.log(`Did not change the storage setting of ${args.id}`);
      return { id: args.id, removed: false };
    }
    const syn = await this.connect(flags);
    const removed = await syn.storageLocations.reset(args.id, { signal: this.signal });
    this.log(
      removed
        ? `Removed the storage setting of ${args.id}`
        : `${args.id} has no storage setting of its own`,
    );
    return { id: args.id, removed };
  }
}
