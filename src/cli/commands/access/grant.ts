import { Args, Flags } from '@oclif/core';
import type { AccessInput } from '../../../index.js';
import { benefactorFlag, principalArg } from '../../accessFlags.js';
import { accessTargetArg, readTarget } from '../../accessTargetArg.js';
import { BaseCommand } from '../../baseCommand.js';
import { printable } from '../../printable.js';

export default class AccessGrant extends BaseCommand {
  static override summary = 'Grant a user, a team or everybody access.';

  static override description =
    'The level is view, download, edit, edit-delete or admin; for an evaluation view, submit, score or admin; for a team view, message ' +
    'or admin; or access types joined by commas. It replaces the access that the user or team has; the other entries stay. PUBLIC can ' +
    'get view only. For an entity, it counts for everything in it that has no list of its own.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123 bob download',
    '<%= config.bin %> <%= command.id %> syn123 "Mouse Lab" READ,DOWNLOAD,UPDATE',
    '<%= config.bin %> <%= command.id %> syn123 PUBLIC view',
    '<%= config.bin %> <%= command.id %> evaluation:456 AUTHENTICATED_USERS view',
  ];

  static override args = {
    id: accessTargetArg,
    principal: principalArg,
    level: Args.string({ description: 'Level, or access types joined by commas.', required: true }),
  };

  static override flags = {
    ...benefactorFlag,
    add: Flags.boolean({ description: 'Add to the access that the user or team has.' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AccessGrant);
    const target = readTarget(args.id);
    const syn = await this.connect(flags);
    const words = args.level.split(',').map((word) => word.trim());
    const acl = await syn.access.set(target, args.principal, {
      // The library checks the words.
      accessType: (words.length === 1 ? words[0] : words) as AccessInput,
      modifyBenefactor: flags['modify-benefactor'],
      overwrite: !flags.add,
      signal: this.signal,
    });
    this.log(
      `Granted ${printable(words.join(', '))} on ${args.id} to ${printable(args.principal)}`,
    );
    return acl;
  }
}
