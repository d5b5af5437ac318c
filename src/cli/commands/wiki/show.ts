import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';
import { printableName, printableText } from '../../printable.js';
import { wikiPageFlag } from '../../wikiPageFlag.js';
import { ofKind } from '../../valueKind.js';

export default class WikiShow extends BaseCommand {
  static override summary = 'Show a page of a wiki.';

  static override description =
    'Prints the text of the page, by default of the root page. Characters that a terminal would obey are escaped; --output writes the ' +
    'text as it is.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn123 --title Methods --output methods.md',
  ];

  static override args = { id: entityArg };

  static override flags = {
    ...wikiPageFlag,
    title: Flags.string({
      description: 'Full title of the page.',
      helpValue: '<title>',
      exclusive: ['page'],
    }),
    version: Flags.integer({
      char: 'v',
      description: 'Version; the first one is 0. Default: the current one.',
      helpValue: '<number>',
      min: 0,
    }),
    output: ofKind(
      'file',
      Flags.string({
        char: 'o',
        description: 'File to write the text to. It must not exist.',
        helpValue: '<file>',
      }),
    ),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(WikiShow);
    const { output, page: id, title, version } = flags;
    const syn = await this.connect(flags, { anonymous: true });
    const options = { version, signal: this.signal };
    const page = await syn.wiki.get(args.id, { id, title, ...options });
    this.note(`Wiki page ${page.id}: ${printableName(page.title ?? '')}`);
    if (output === undefined) {
      // A line end is added.
      this.log(printableText(page.markdown).replace(/\n$/, ''));
      return page;
    }
    const path = await syn.wiki.markdownFile(args.id, page, { destination: output, ...options });
    this.note(`Wrote ${path}`);
    return { ...page, path };
  }
}
