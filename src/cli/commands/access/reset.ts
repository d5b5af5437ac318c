import { Flags } from '@oclif/core';
import { recursiveFlag, typeFlag } from '../../accessFlags.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityTypesOf } from '../../entityTypesOf.js';
import { entityArg, yesFlag } from '../../flags.js';

export default class AccessReset extends BaseCommand {
  static override summary = 'Delete own sharing settings, to inherit them again.';

  static override description =
    'Deletes the list of the entity, and with --recursive those of everything in it; by default of folders and files, with --type of ' +
    'other entities. The list of a project stays. --dry-run prints what would be deleted. Asks for confirmation, unless --yes is given. ' +
    'Lists that you may not read are not found. The exit status is 5 when some could not be deleted; the others are.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123 --yes',
    '<%= config.bin %> <%= command.id %> syn123 --recursive --dry-run',
    '<%= config.bin %> <%= command.id %> syn123 --recursive --type folder --type table',
  ];

  static override args = { id: entityArg };

  static override flags = {
    ...recursiveFlag,
    ...typeFlag,
    'content-only': Flags.boolean({ description: 'Keep the list of the entity itself.' }),
    'dry-run': Flags.boolean({ description: 'Only print what would be deleted.' }),
    ...yesFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AccessReset);
    const { recursive, 'content-only': contentOnly, 'dry-run': dryRun } = flags;
    const what = recursive ? `${args.id} and of everything in it` : args.id;
    const question = `Delete the sharing settings of ${what}?`;
    const isSure =
      dryRun ||
      flags.yes ||
      (await this.confirm(question, 'add --yes, or --dry-run to look first'));
    if (!isSure) {
      this.log(`Did not change the access to ${args.id}`);
      return { dryRun: false, items: [] };
    }
    const syn = await this.connect(flags);
    const deletion = await syn.access.delete(args.id, {
      includeSelf: !contentOnly,
      includeContainerContent: recursive || contentOnly,
      recursive,
      entityTypes: entityTypesOf(flags.type),
      dryRun,
      signal: this.signal,
    });
    this.logText(String(deletion));
    const failures = deletion.failed.map(({ id, error = new Error('unknown') }) => {
      return { path: id, error };
    });
    await this.throwFailed('deleted', failures, deletion);
    return deletion;
  }
}
