import { Args } from '@oclif/core';
import type { DiscussionReply, DiscussionThread } from '../../../index.js';
import { UserNames } from '../../../users/userNames.js';
import { BaseCommand } from '../../baseCommand.js';
import { lookUpUsers } from '../../lookUpUsers.js';
import { printableName } from '../../printable.js';

export default class DiscussionShow extends BaseCommand {
  static override summary = 'Show a thread with its replies.';

  static override description =
    'Prints the texts, the oldest first. Characters that a terminal would obey are escaped; --json prints the texts as they are.';

  static override examples = ['<%= config.bin %> <%= command.id %> 123'];

  static override args = { id: Args.string({ description: 'Id of the thread.', required: true }) };

  async run(): Promise<DiscussionThread & { replies: DiscussionReply[] }> {
    const { args, flags } = await this.parse(DiscussionShow);
    const syn = await this.connect(flags, { anonymous: true });
    const options = { text: true, signal: this.signal };
    const thread = await syn.discussions.get(args.id, options);
    this.note(`Thread ${thread.id}: ${printableName(thread.title)}`);
    const names = new UserNames(syn);
    const known = await names.of([]);
    const print = ({ createdBy = '', createdOn = '', text = '' }: Printed): void => {
      this.log(`== ${printableName(known.get(createdBy) ?? createdBy)}, ${createdOn}`);
      this.logText(text.replace(/\n$/, ''));
    };
    const authors = ({ createdBy }: Printed): (string | undefined)[] => [createdBy];
    const replies: DiscussionReply[] = [];
    const { signal } = this;
    for await (const post of lookUpUsers(
      allPosts(thread, syn.discussions.replies(thread, options)),
      names,
      authors,
      { signal },
    )) {
      print(post);
      if ('threadId' in post) replies.push(post);
    }
    return { ...thread, replies };
  }
}

type Printed = Pick<DiscussionThread, 'createdBy' | 'createdOn' | 'text'>;

async function* allPosts(
  thread: DiscussionThread,
  replies: AsyncIterable<DiscussionReply>,
): AsyncGenerator<DiscussionThread | DiscussionReply> {
  yield thread;
  yield* replies;
}
