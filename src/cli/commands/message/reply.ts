import { Args, Flags } from '@oclif/core';
import type { Message } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { bodyFlags, readBody } from '../../bodyFlags.js';
import { printableName } from '../../printable.js';
import { idsFlag } from '../../flags.js';

export default class MessageReply extends BaseCommand {
  static override summary = 'Reply to a message.';

  static override description = 'Prints the id and the subject of the reply.';

  static override examples = ['<%= config.bin %> <%= command.id %> 123 --body "Thank you!"'];

  static override args = { id: Args.string({ description: 'Id of the message.', required: true }) };

  static override flags = {
    ...bodyFlags,
    all: Flags.boolean({
      description: 'Send it to the other recipients too, not only to the sender.',
    }),
    html: Flags.boolean({ description: 'The text is HTML.' }),
    ...idsFlag,
  };

  async run(): Promise<Message> {
    const { args, flags } = await this.parse(MessageReply);
    const body = await readBody(flags);
    const syn = await this.connect(flags);
    const contentType = flags.html ? 'text/html' : 'text/plain';
    const reply = await syn.messages.reply(
      args.id,
      { body, contentType, toAll: flags.all },
      { signal: this.signal },
    );
    this.logId(flags, reply.id, `Sent message: ${reply.id}\t${printableName(reply.subject ?? '')}`);
    return reply;
  }
}
