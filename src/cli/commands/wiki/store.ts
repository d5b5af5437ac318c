import { Flags } from '@oclif/core';
import type { WikiPageInfo } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg, idsFlag } from '../../flags.js';
import { printableName } from '../../printable.js';
import { usageError } from '../../usageError.js';
import { wikiPageFlag } from '../../wikiPageFlag.js';
import { ofKind } from '../../valueKind.js';

export default class WikiStore extends BaseCommand {
  static override summary = 'Create or update a page of a wiki.';

  static override description =
    'Updates the page of --page, or creates one below --parent-page; without both, creates or updates the root page. What is not given ' +
    'stays as it is, and nothing is sent when nothing changes. Prints the id and the title.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123 --title Home --markdown "# Hello" --attach plot.png',
    '<%= config.bin %> <%= command.id %> syn123 --parent-page 456 --title Methods --markdown-file methods.md',
  ];

  static override args = { id: entityArg };

  static override flags = {
    ...wikiPageFlag,
    'parent-page': Flags.string({
      description: 'Id of the page above. An existing page is moved there.',
      helpValue: '<id>',
    }),
    title: Flags.string({ description: 'Title of the page.', helpValue: '<title>' }),
    markdown: Flags.string({
      description: 'Text of the page.',
      helpValue: '<text>',
      exclusive: ['markdown-file'],
    }),
    'markdown-file': ofKind(
      'file',
      Flags.string({
        description: 'File in UTF-8 with the text; - for standard input.',
        helpValue: '<file>',
      }),
    ),
    attach: ofKind(
      'file',
      Flags.string({
        multiple: true,
        multipleNonGreedy: true,
        description: 'File to attach. One with the name of an attachment replaces it.',
        helpValue: '<file>',
      }),
    ),
    ...idsFlag,
  };

  async run(): Promise<WikiPageInfo> {
    const { args, flags } = await this.parse(WikiStore);
    const { attach: attachments, page: id, title, 'parent-page': parentId } = flags;
    const path = flags['markdown-file'];
    const markdown = path === undefined ? flags.markdown : { path };
    const given = [attachments, parentId, title, markdown];
    if (given.every((value) => value === undefined)) {
      throw usageError('Give what to store: --title, --markdown, --markdown-file or --attach.');
    }
    const syn = await this.connect(flags);
    const input = { id, parentId, title, markdown, attachments };
    const page = await syn.wiki.store(args.id, input, {
      signal: this.signal,
      onProgress: await this.progress(),
    });
    this.logId(flags, page.id, `Stored wiki page: ${page.id}\t${printableName(page.title ?? '')}`);
    return page;
  }
}
