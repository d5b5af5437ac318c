import { Flags } from '@oclif/core';
import { UserNames } from '../../users/userNames.js';
import { listTree, type ListedEntity } from '../../entities/listTree.js';
import { BaseCommand } from '../baseCommand.js';
import { listingLine } from '../entityListing.js';
import { entityArg } from '../flags.js';

export default class List extends BaseCommand {
  static override summary = 'List what a project or folder holds, and what its folders hold.';

  static override description =
    'A line each: id and name, with a / behind projects and folders; names of what is in a folder are indented.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn123 --recursive --long',
  ];

  static override args = { id: entityArg };

  static override flags = {
    recursive: Flags.boolean({
      char: 'r',
      description: 'List folders in folders, too, all the way down.',
    }),
    long: Flags.boolean({ char: 'l', description: 'Print version, creator and creation time.' }),
    modified: Flags.boolean({ char: 'm', description: 'Print who modified it last, and when.' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(List);
    const syn = await this.connect(flags, { anonymous: true });
    const { long, modified } = flags;
    const names = new UserNames(syn);
    const options = { signal: this.signal };
    const maxDepth = flags.recursive ? Infinity : 1;
    const listed: ListedEntity[] = [];
    for await (const entity of listTree(syn, args.id, { ...options, maxDepth })) {
      listed.push(entity);
      const { createdBy, modifiedBy } = entity.header;
      const userNames = await names.of(long || modified ? [createdBy, modifiedBy] : [], options);
      this.log(listingLine(entity, { long, modified, userNames }));
    }
    if (listed.length === 0) {
      const { userName } = await syn.getUserProfile(undefined, options);
      this.log(`No results visible to ${userName ?? 'anonymous'} found for id ${args.id}`);
    }
    return listed.map(({ header, depth }) => ({ ...header, depth }));
  }
}
