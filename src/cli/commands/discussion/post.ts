import { Args, Flags } from '@oclif/core';
import type { DiscussionThread } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { bodyFlags, readBody } from '../../bodyFlags.js';
import { printableName } from '../../printable.js';
import { ofKind } from '../../valueKind.js';
import { idsFlag } from '../../flags.js';

export default class DiscussionPost extends BaseCommand {
  static override summary = 'Create a thread in the forum of a project.';

  static override description =
    'The text is Markdown; it can mention users (@bob) and entities (syn123). Prints the id and the title.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123 --title Outliers --body "What about syn456, @bob?"',
  ];

  static override args = {
    id: ofKind(
      'entity',
      Args.string({ description: 'Synapse id of the project, such as syn123.', required: true }),
    ),
  };

  static override flags = {
    title: Flags.string({
      required: true,
      description: 'Title, of at most 140 characters.',
      helpValue: '<text>',
    }),
    ...bodyFlags,
    ...idsFlag,
  };

  async run(): Promise<DiscussionThread> {
    const { args, flags } = await this.parse(DiscussionPost);
    const text = await readBody(flags);
    const syn = await this.connect(flags);
    const options = { signal: this.signal };
    const thread = await syn.discussions.create(args.id, { title: flags.title, text }, options);
    this.logId(flags, thread.id, `Created thread: ${thread.id}\t${printableName(thread.title)}`);
    return thread;
  }
}
