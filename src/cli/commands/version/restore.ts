import { Args, Flags } from '@oclif/core';
import type { RestoredVersion } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { versionTextFlags } from '../../flags.js';
import { ofKind } from '../../valueKind.js';

export default class VersionRestore extends BaseCommand {
  static override summary = 'Make an old version of a file current again.';

  static override description =
    'A new version gets the content, the annotations and the provenance of the old one. Nothing is uploaded, and all versions stay.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456.2',
    '<%= config.bin %> <%= command.id %> syn456 --version 2 --comment "version 3 was of another mouse"',
  ];

  static override args = {
    id: ofKind(
      'entity',
      Args.string({
        description: 'Synapse id with the version, such as syn123.4.',
        required: true,
      }),
    ),
  };

  static override flags = {
    version: Flags.integer({
      char: 'v',
      description: 'Version to restore. Default: the one in the id.',
      helpValue: '<number>',
      min: 1,
    }),
    ...versionTextFlags,
    provenance: Flags.option({
      options: ['existing', 'traceback', 'none'] as const,
      default: 'existing' as const,
      description:
        'existing: the activity of the old version; traceback: an activity that used the old version; none.',
    })(),
  };

  async run(): Promise<RestoredVersion> {
    const { args, flags } = await this.parse(VersionRestore);
    const { label, comment, provenance } = flags;
    const syn = await this.connect(flags);
    const options = { label, comment, provenance, signal: this.signal };
    const restored = await syn.versions.restore(args.id, flags.version, options);
    const { id, from, versionNumber, changed } = restored;
    this.log(
      changed.length === 0
        ? `Nothing to restore: version ${versionNumber} of ${id} is the same as version ${from}`
        : `Restored version ${from} of ${id} as version ${versionNumber}: ${changed.join(', ')}`,
    );
    return restored;
  }
}
