import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';

export default class StorageReset extends BaseCommand {
  static override summary = 'Remove the storage setting of a project or folder.';

  static override description =
    'Uploads then go where the container above stores its files. Files that are there already stay where they are.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123'];

  static override args = { id: entityArg };

  async run(): Promise<{ id: string; removed: boolean }> {
    const { args, flags } = await this.parse(StorageReset);
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
