import { Args, Flags } from '@oclif/core';
import type { Message } from '../../../index.js';
import { UserNames } from '../../../users/userNames.js';
import { BaseCommand } from '../../baseCommand.js';
import { printableName } from '../../printable.js';

export default class MessageShow extends BaseCommand {
  static override summary = 'Show a message.';

  static override description =
    'Prints the text. It stays unread, unless --mark-read is given. Characters that a terminal would obey are escaped; --json prints the text ' +
    'as it is.';

  static override examples = ['<%= config.bin %> <%= command.id %> 123 --mark-read'];

  static override args = { id: Args.string({ description: 'Id of the message.', required: true }) };

  static override flags = {
    'mark-read': Flags.boolean({ description: 'Mark the message as read.' }),
  };

  async run(): Promise<Message> {
    const { args, flags } = await this.parse(MessageShow);
    const { signal } = this;
    const syn = await this.connect(flags);
    const message = await syn.messages.get(args.id, { text: true, signal });
    if (!this.jsonEnabled()) {
      const { createdBy = '', createdOn = '', subject = '', text = '' } = message;
      const names = await new UserNames(syn).of([createdBy], { signal });
      this.note(`From ${printableName(names.get(createdBy) ?? createdBy)}, ${createdOn}`);
      this.note(`Subject: ${printableName(subject)}`);
      // A line end is added.
      this.logText(text.replace(/\n$/, ''));
    }
    if (flags['mark-read']) await syn.messages.setStatus(message, 'READ', { signal });
    return message;
  }
}
