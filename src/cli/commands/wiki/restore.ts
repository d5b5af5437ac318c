import { Args, Flags } from '@oclif/core';
import type { WikiPageInfo } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';
import { printableName } from '../../printable.js';

export default class WikiRestore extends BaseCommand {
  static override summary = 'Make an earlier version of a wiki page the current one.';

  static override description =
    'This adds a version, so that nothing is lost. "wiki history" lists the versions.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123 3 --page 456'];

  static override args = {
    id: entityArg,
    version: Args.integer({ description: 'Version; the first one is 0.', required: true, min: 0 }),
  };

  static override flags = {
    page: Flags.string({ description: 'Id of the page.', helpValue: '<id>', required: true }),
  };

  async run(): Promise<WikiPageInfo> {
    const { args, flags } = await this.parse(WikiRestore);
    const syn = await this.connect(flags);
    const page = await syn.wiki.restore(args.id, flags.page, args.version, { signal: this.signal });
    this.log(`Restored wiki page: ${page.id}\t${printableName(page.title ?? '')}`);
    return page;
  }
}
