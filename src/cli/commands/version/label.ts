import type { LabelledVersion } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { entitiesArg, versionTextFlags } from '../../flags.js';
import { printableName } from '../../printable.js';

export default class VersionLabel extends BaseCommand {
  static override summary = 'Change the label or comment of the current version of files.';

  static override description =
    'Makes no new version. Synapse changes label and comment of the current version only. An empty comment removes it; an empty label ' +
    'becomes the number of the version. An id with a version must name the current one.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456 --label v1.0 --comment "as published"',
  ];

  static override args = { id: entitiesArg };

  static override flags = versionTextFlags;

  async run(): Promise<LabelledVersion | LabelledVersion[]> {
    const { args, flags } = await this.parse(VersionLabel);
    const syn = await this.connect(flags);
    const change = { label: orNull(flags.label), comment: orNull(flags.comment) };
    return this.forEachId(args.id, 'labelled', async (each) => {
      const version = await syn.versions.update(each, change, { signal: this.signal });
      const { id, versionNumber, versionLabel = '', versionComment = '' } = version;
      const comment = versionComment === '' ? '' : `\t${printableName(versionComment)}`;
      this.log(`Version ${versionNumber} of ${id}: ${printableName(versionLabel)}${comment}`);
      return version;
    });
  }
}

function orNull(text: string | undefined): string | null | undefined {
  return text === '' ? null : text;
}
