import { BaseCommand } from '../../baseCommand.js';
import { recursiveFlag, typeFlag } from '../../accessFlags.js';
import { accessTargetArg, readTarget } from '../../accessTargetArg.js';

export default class AccessList extends BaseCommand {
  static override summary = 'List who has which access.';

  static override description =
    'Prints the list that applies to the entity, with the names of users and teams. With --recursive it prints a tree of everything in ' +
    'it that has a list of its own. What you may not read is not listed. The exit status is 5 when a list could not be read.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn123 --recursive --type folder',
    '<%= config.bin %> <%= command.id %> team:456',
  ];

  static override args = { id: accessTargetArg };

  static override flags = { ...recursiveFlag, ...typeFlag };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AccessList);
    const target = readTarget(args.id);
    const syn = await this.connect(flags, { anonymous: true });
    const { entityTypesOf } = await import('../../entityTypesOf.js');
    const listing = await syn.access.list(target, {
      recursive: flags.recursive,
      entityTypes: entityTypesOf(flags.type),
      signal: this.signal,
    });
    this.logText(String(listing));
    if (listing.failed.length > 0) {
      const { exitCodes } = await import('../../exitCodes.js');
      process.exitCode = exitCodes.partial;
    }
    return listing;
  }
}
