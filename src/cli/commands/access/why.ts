import { Args, Flags } from '@oclif/core';
import type { AccessInput } from '../../../index.js';
import { accessTargetArg, readTarget } from '../../accessTargetArg.js';
import { BaseCommand } from '../../baseCommand.js';
import { ofKind } from '../../valueKind.js';

export default class AccessWhy extends BaseCommand {
  static override summary = 'Explain why somebody may or may not do something.';

  static override description =
    'Names the entry, team or group that lets them in, or what keeps them out: no entry, access requirements, no certification. By ' +
    'default it is about downloading, and about you. Whether the members of a team meet access requirements is not known.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn123 bob --access edit',
    '<%= config.bin %> <%= command.id %> syn123 PUBLIC --access view',
  ];

  static override args = {
    id: accessTargetArg,
    principal: ofKind(
      'user',
      Args.string({
        description:
          'Name or id of a user or a team, or PUBLIC, or AUTHENTICATED_USERS. Default: you.',
      }),
    ),
  };

  static override flags = {
    access: Flags.string({
      description: 'Level, or access types joined by commas. Default: DOWNLOAD.',
      helpValue: '<level>',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AccessWhy);
    const target = readTarget(args.id);
    const syn = await this.connect(flags, { anonymous: true });
    const words = flags.access?.split(',').map((word) => word.trim());
    const access = (words?.length === 1 ? words[0] : words) as AccessInput | undefined;
    const explanation = await syn.access.why(target, args.principal, {
      access,
      signal: this.signal,
    });
    this.logText(String(explanation));
    return explanation;
  }
}
