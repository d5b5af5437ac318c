import { Args, Flags } from '@oclif/core';
import type { CopiedWikiPage } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';
import { printableName } from '../../printable.js';
import { ofKind } from '../../valueKind.js';

export default class WikiCopy extends BaseCommand {
  static override summary = 'Copy the wiki of an entity to another entity.';

  static override description =
    'Copies pages, attachments and the order of the pages. Links between the pages lead to the copies. The first page replaces the ' +
    'content of the root page of the destination, or of --to-page. Prints one line per copy: its id and title.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123 syn456',
    '<%= config.bin %> <%= command.id %> syn123 syn456 --page 78 --to-page 90',
  ];

  static override args = {
    id: entityArg,
    destination: ofKind(
      'entity',
      Args.string({ description: 'Synapse id of the destination.', required: true }),
    ),
  };

  static override flags = {
    page: Flags.string({
      description: 'Copy only this page and the pages below it.',
      helpValue: '<id>',
    }),
    'to-page': Flags.string({
      description: 'Page of the destination that gets the content of the first page.',
      helpValue: '<id>',
    }),
  };

  async run(): Promise<CopiedWikiPage[]> {
    const { args, flags } = await this.parse(WikiCopy);
    const syn = await this.connect(flags);
    const copies = await syn.wiki.copy(args.id, args.destination, {
      entitySubPageId: flags.page,
      destinationSubPageId: flags['to-page'],
      signal: this.signal,
      onProgress: await this.progress(),
    });
    for (const { id, title = '' } of copies) this.log(`${id}  ${printableName(title)}`);
    if (copies.length === 0) this.note(`${args.id} has no wiki: nothing was copied.`);
    return copies;
  }
}
