import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { newParentFlag } from '../../columnFlags.js';
import { printableName } from '../../printable.js';
import { storeNew } from '../../storeNew.js';
import { ofKind } from '../../valueKind.js';
import { idsFlag } from '../../flags.js';

export default class DatasetCreate extends BaseCommand {
  static override summary = 'Create a dataset of files, or a collection of datasets.';

  static override description =
    'Prints the id. Items without a version get their current one; a folder or project stands for all files in it. An existing ' +
    'dataset of that name is reused and gets the given items.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> release --parent-id syn123 --item syn456 --item syn457.2',
    '<%= config.bin %> <%= command.id %> releases --parent-id syn123 --collection --item syn789',
  ];

  static override args = {
    name: Args.string({ description: 'Name of the dataset.', required: true }),
  };

  static override flags = {
    ...newParentFlag,
    item: ofKind(
      'entity',
      Flags.string({
        multiple: true,
        multipleNonGreedy: true,
        delimiter: ',',
        description:
          'File, folder or project, such as syn456 or syn456.2. Can be given several times.',
        helpValue: '<id>',
      }),
    ),
    collection: Flags.boolean({
      description: 'Create a collection, whose items are datasets.',
    }),
    ...idsFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DatasetCreate);
    const { Dataset, DatasetCollection } = await import('../../../index.js');
    const init = { name: args.name, parentId: flags['parent-id'], items: flags.item };
    const dataset = flags.collection ? new DatasetCollection(init) : new Dataset(init);
    const syn = await this.connect(flags);
    const { stored, isNew } = await storeNew(syn, dataset, { signal: this.signal });
    if (!isNew) this.note('A dataset of that name already exists: it is used.');
    this.logId(flags, stored.id, `Created entity: ${stored.id}\t${printableName(stored.name)}`);
    return { id: stored.id, name: stored.name, items: stored.items };
  }
}
