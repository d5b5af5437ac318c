import type { DoiInfo } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { doiLines, doiTargetArg } from '../../doiText.js';

export default class DoiShow extends BaseCommand {
  static override summary = 'Show the DOI of an entity or a version.';

  static override description = 'The exit status is 4 when it has none.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn456.1 --json',
  ];

  static override args = { id: doiTargetArg };

  async run(): Promise<DoiInfo> {
    const { args, flags } = await this.parse(DoiShow);
    const syn = await this.connect(flags, { anonymous: true });
    const doi = await syn.dois.get(args.id, { signal: this.signal });
    this.log(doiLines(doi).join('\n'));
    return doi;
  }
}
