import { Args, Flags } from '@oclif/core';
import type { DiscussionThread } from '../../../index.js';
import { UserNames } from '../../../users/userNames.js';
import { BaseCommand } from '../../baseCommand.js';
import { lookUpUsers } from '../../lookUpUsers.js';
import { ofKind } from '../../valueKind.js';
import { idsFlag } from '../../flags.js';

export default class DiscussionList extends BaseCommand {
  static override summary = 'List the threads of a project.';

  static override description =
    'Lists id, author, number of replies, last activity, whether it is pinned, and title: pinned threads first, then the most recently active ones.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn456 --about',
  ];

  static override args = {
    id: ofKind(
      'entity',
      Args.string({ description: 'Synapse id of the project, such as syn123.', required: true }),
    ),
  };

  static override flags = {
    about: Flags.boolean({
      description: 'The threads of all projects that mention the entity with the id.',
    }),
    ...idsFlag,
  };

  async run(): Promise<DiscussionThread[]> {
    const { args, flags } = await this.parse(DiscussionList);
    const syn = await this.connect(flags, { anonymous: true });
    const { signal } = this;
    const names = new UserNames(syn);
    const known = await names.of([]);
    const threads = flags.about
      ? syn.discussions.threadsAbout(args.id, { signal })
      : syn.discussions.threads(args.id, { signal });
    return this.list(
      lookUpUsers(threads, names, ({ createdBy }) => [createdBy], { signal }),
      {
        ID: ({ id }) => id,
        AUTHOR: ({ createdBy = '' }) => known.get(createdBy) ?? createdBy,
        REPLIES: ({ numberOfReplies }) => numberOfReplies,
        ACTIVE: ({ lastActivity }) => lastActivity,
        PINNED: ({ isPinned }) => (isPinned === true ? 'yes' : 'no'),
        TITLE: ({ title }) => title,
      },
      flags,
    );
  }
}
