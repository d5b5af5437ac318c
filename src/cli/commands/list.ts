import { Flags } from '@oclif/core';
import { UserNames } from '../../users/userNames.js';
import { listTree, type ListedEntity } from '../../entities/listTree.js';
import { BaseCommand } from '../baseCommand.js';
import { listingLine } from '../entityListing.js';
import { entityArg } from '../flags.js';
import { isReaderGone } from '../standardStreams.js';

export default class List extends BaseCommand {
  static override summary = 'List the content of a project or folder.';

  static override description =
    'Prints one line per entity: id and name. Projects and folders end in /, and the content of a folder is indented.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn123 --recursive --long',
  ];

  static override args = { id: entityArg };

  static override flags = {
    recursive: Flags.boolean({
      char: 'r',
      description: 'List all levels of folders.',
    }),
    long: Flags.boolean({ char: 'l', description: 'Print version, creator and creation time.' }),
    modified: Flags.boolean({
      char: 'm',
      description: 'Print the last modifier and the modification time.',
    }),
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
      if (isReaderGone()) break;
      this.log(listingLine(entity, { long, modified, userNames }));
    }
    if (listed.length === 0) {
      const { userName } = await syn.getUserProfile(undefined, options);
      this.log(`No results visible to ${userName ?? 'anonymous'} found for id ${args.id}`);
    }
    return listed.map(({ header, depth }) => ({ ...header, depth }));
  }
}
