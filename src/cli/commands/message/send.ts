import { Flags } from '@oclif/core';
import type { Message } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { bodyFlags, readBody } from '../../bodyFlags.js';
import { printableName } from '../../printable.js';
import { ofKind } from '../../valueKind.js';
import { idsFlag } from '../../flags.js';

export default class MessageSend extends BaseCommand {
  static override summary = 'Send a message to users and teams.';

  static override description =
    'They get it in Synapse and by email. Synapse allows ten messages in a minute; more wait for their turn. Prints the id and the subject.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> --to bob --to "Sleep team" --subject Done --body "The upload is complete."',
    '<%= config.bin %> <%= command.id %> --to 3400001 --subject Report --body-file report.txt',
  ];

  static override flags = {
    to: ofKind(
      'user',
      Flags.string({
        multiple: true,
        multipleNonGreedy: true,
        required: true,
        description: 'User name, name of a team, or id of either. At most 50.',
        helpValue: '<name>',
      }),
    ),
    subject: Flags.string({
      required: true,
      description: 'Subject, in one line.',
      helpValue: '<text>',
    }),
    ...bodyFlags,
    html: Flags.boolean({ description: 'The text is HTML.' }),
    ...idsFlag,
  };

  async run(): Promise<Message> {
    const { flags } = await this.parse(MessageSend);
    const { to: recipients, subject } = flags;
    const body = await readBody(flags);
    const syn = await this.connect(flags);
    const contentType = flags.html ? 'text/html' : 'text/plain';
    const message = await syn.messages.send(
      { recipients, subject, body, contentType },
      { signal: this.signal },
    );
    this.logId(flags, message.id, `Sent message: ${message.id}\t${printableName(subject)}`);
    return message;
  }
}
