import type { WikiVersion } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';
import { wikiPageFlag } from '../../wikiPageFlag.js';

export default class WikiHistory extends BaseCommand {
  static override summary = 'List the versions of a page of a wiki.';

  static override description = 'The newest version comes first. Synapse keeps the last 100.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123 --page 456'];

  static override args = { id: entityArg };

  static override flags = { ...wikiPageFlag };

  async run(): Promise<WikiVersion[]> {
    const { args, flags } = await this.parse(WikiHistory);
    const syn = await this.connect(flags, { anonymous: true });
    const versions = syn.wiki.history(args.id, flags.page, { signal: this.signal });
    return this.list(versions, {
      VERSION: ({ version }) => version,
      MODIFIED: ({ modifiedOn }) => modifiedOn,
      BY: ({ modifiedBy }) => modifiedBy,
    });
  }
}
