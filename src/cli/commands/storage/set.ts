import { Args, Flags } from '@oclif/core';
import type * as M from '../../../../generated/models.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';
import { usageError } from '../../usageError.js';

export default class StorageSet extends BaseCommand {
  static override summary = 'Set where uploads to a project or folder go.';

  static override description =
    'Applies to the folders in it too, unless they have a setting of their own. Files that are there already stay where they are; ' +
    'synapse migrate moves them. With several locations, uploads go to the first one. "default" is the storage of Synapse.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123 42',
    '<%= config.bin %> <%= command.id %> syn123 default',
    '<%= config.bin %> <%= command.id %> syn123 43 --add',
  ];

  static override strict = false;

  static override args = {
    id: entityArg,
    location: Args.string({
      description: 'Ids of storage locations, up to 10; or "default".',
      required: true,
    }),
  };

  static override flags = {
    add: Flags.boolean({ description: 'Add the locations after those that apply now.' }),
  };

  async run(): Promise<M.ProjectSetting> {
    const { args, argv, flags } = await this.parse(StorageSet);
    const [, ...given] = argv.map(String);
    const isDefault = given.includes('default');
    if (isDefault && given.length > 1) {
      throw usageError('Give either "default" or the ids of storage locations, not both.');
    }
    const wrong = isDefault ? undefined : given.find((id) => !/^\d+$/.test(id));
    if (wrong !== undefined) {
      throw usageError(
        `${JSON.stringify(wrong)} is not the id of a storage location, nor "default".`,
      );
    }
    const syn = await this.connect(flags);
    const options = { add: flags.add, signal: this.signal };
    const setting = await syn.storageLocations.use(args.id, isDefault ? null : given, options);
    const [first, ...others] = setting.locations ?? [];
    this.log(`Uploads to ${args.id} go to storage location ${first}`);
    if (others.length > 0) this.note(`Also allowed: ${others.join(', ')}`);
    return setting;
  }
}
