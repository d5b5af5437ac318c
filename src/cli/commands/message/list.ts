import { Flags } from '@oclif/core';
import type { Message } from '../../../index.js';
import { UserNames } from '../../../users/userNames.js';
import { BaseCommand } from '../../baseCommand.js';
import { lookUpUsers } from '../../lookUpUsers.js';
import { idsFlag } from '../../flags.js';

export default class MessageList extends BaseCommand {
  static override summary = 'List messages.';

  static override description =
    'Lists the messages that you have received, without the archived ones, or those that you have sent: id, status, sender or recipients, time and subject, the newest first.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> --unread',
    '<%= config.bin %> <%= command.id %> --sent --json',
  ];

  static override flags = {
    sent: Flags.boolean({
      description: 'Those that you have sent.',
      exclusive: ['unread', 'archived'],
    }),
    unread: Flags.boolean({
      description: 'Only messages that you have not read.',
      exclusive: ['archived'],
    }),
    archived: Flags.boolean({ description: 'Only archived messages.' }),
    ...idsFlag,
  };

  async run(): Promise<Message[]> {
    const { flags } = await this.parse(MessageList);
    const syn = await this.connect(flags);
    const { signal } = this;
    const names = new UserNames(syn);
    const known = await names.of([]);
    const nameOf = (id = ''): string => known.get(id) ?? id;
    if (flags.sent) {
      const sent = syn.messages.outbox({ signal });
      return this.list(
        lookUpUsers(sent, names, ({ recipients = [] }) => recipients, { signal }),
        {
          ID: ({ id }) => id,
          TO: ({ recipients = [] }) => recipients.map(nameOf).join(', '),
          SENT: ({ createdOn }) => createdOn,
          SUBJECT: ({ subject }) => subject,
        },
        flags,
      );
    }
    const status = flags.unread ? 'UNREAD' : flags.archived ? 'ARCHIVED' : undefined;
    const received = syn.messages.inbox({ status, signal });
    return this.list(
      lookUpUsers(received, names, ({ createdBy }) => [createdBy], { signal }),
      {
        ID: ({ id }) => id,
        STATUS: (message) => message.status,
        FROM: ({ createdBy }) => nameOf(createdBy),
        SENT: ({ createdOn }) => createdOn,
        SUBJECT: ({ subject }) => subject,
      },
      flags,
    );
  }
}
