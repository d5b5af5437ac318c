import type { Version } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';

export default class VersionList extends BaseCommand {
  static override summary = 'List the versions of a file, the newest first.';

  static override description =
    'Prints number, label, comment, size in bytes, MD5, who changed it and when. The current version has a *. Of a table or view, the ' +
    'versions are its snapshots.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn456'];

  static override args = { id: entityArg };

  async run(): Promise<Version[]> {
    const { args, flags } = await this.parse(VersionList);
    const syn = await this.connect(flags, { anonymous: true });
    return this.list(syn.versions.list(args.id, { signal: this.signal }), {
      VERSION: ({ versionNumber, isLatestVersion }) =>
        `${versionNumber}${isLatestVersion ? ' *' : ''}`,
      LABEL: ({ versionLabel }) => versionLabel,
      MODIFIED: ({ modifiedOn }) => modifiedOn,
      BY: ({ modifiedBy }) => modifiedBy,
      SIZE: ({ contentSize }) => contentSize,
      MD5: ({ contentMd5 }) => contentMd5,
      COMMENT: ({ versionComment }) => versionComment,
    });
  }
}
