import { Args } from '@oclif/core';
import type { DiscussionReply } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { bodyFlags, readBody } from '../../bodyFlags.js';
import { idsFlag } from '../../flags.js';

export default class DiscussionReplyCommand extends BaseCommand {
  static override summary = 'Reply to a thread.';

  static override description = 'The text is Markdown. Prints the id of the reply.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> 123 --body "It was a broken sensor."',
  ];

  static override args = { id: Args.string({ description: 'Id of the thread.', required: true }) };

  static override flags = { ...bodyFlags, ...idsFlag };

  async run(): Promise<DiscussionReply> {
    const { args, flags } = await this.parse(DiscussionReplyCommand);
    const text = await readBody(flags);
    const syn = await this.connect(flags);
    const reply = await syn.discussions.reply(args.id, text, { signal: this.signal });
    this.logId(flags, reply.id, `Created reply: ${reply.id}`);
    return reply;
  }
}
