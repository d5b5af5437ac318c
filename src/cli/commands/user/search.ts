import { Args, Flags } from '@oclif/core';
import type * as M from '../../../../generated/models.js';
import { BaseCommand } from '../../baseCommand.js';
import { firstItems } from '../../firstItems.js';
import { idsFlag } from '../../flags.js';

export default class UserSearch extends BaseCommand {
  static override summary = 'Find users and teams by the beginning of their names.';

  static override description =
    'Looks at user names, first names, last names and names of teams. Case does not matter.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> ali',
    '<%= config.bin %> <%= command.id %> mouse --type team',
  ];

  static override args = {
    prefix: Args.string({ description: 'Beginning of a name.', required: true }),
  };

  static override flags = {
    type: Flags.string({
      description: 'Only users, or only teams.',
      options: ['user', 'team'] as const,
      helpValue: 'user|team',
    }),
    limit: Flags.integer({
      description: 'Largest number of results.',
      helpValue: '<number>',
      min: 1,
      default: 100,
    }),
    ...idsFlag,
  };

  async run(): Promise<M.UserGroupHeader[]> {
    const { args, flags } = await this.parse(UserSearch);
    const syn = await this.connect(flags, { anonymous: true });
    const type = flags.type === 'user' || flags.type === 'team' ? flags.type : undefined;
    const found = syn.users.search(args.prefix, { type, signal: this.signal });
    const listed = await this.list(
      firstItems(found, flags.limit),
      {
        ID: ({ ownerId }) => ownerId,
        TYPE: ({ isIndividual }) => (isIndividual ? 'user' : 'team'),
        NAME: ({ userName }) => userName,
        'FULL NAME': ({ firstName, lastName }) => [firstName, lastName].filter(Boolean).join(' '),
      },
      flags,
    );
    if (listed.length === 0) this.note('Nobody has such a name.');
    if (listed.length === flags.limit) this.note('There may be more: see --limit.');
    return listed;
  }
}
