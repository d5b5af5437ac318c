import { Args } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';

export default class MessageArchive extends BaseCommand {
  static override summary = 'Take a message out of the inbox.';

  static override description = 'Synapse keeps it: "message list --archived" lists it.';

  static override examples = ['<%= config.bin %> <%= command.id %> 123'];

  static override args = { id: Args.string({ description: 'Id of the message.', required: true }) };

  async run(): Promise<{ id: string; status: string }> {
    const { args, flags } = await this.parse(MessageArchive);
    const syn = await this.connect(flags);
    await syn.messages.setStatus(args.id, 'ARCHIVED', { signal: this.signal });
    this.log(`Archived message: ${args.id}`);
    return { id: args.id, status: 'ARCHIVED' };
  }
}
