import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { printable } from '../../printable.js';
import { ofKind } from '../../valueKind.js';

export default class DownloadListManifest extends BaseCommand {
  static override summary = 'Write a CSV file about the files of your download list.';

  static override description =
    'It has a row for each file that you can download now: id, name, version, size, and the annotations of the file.';

  static override examples = ['<%= config.bin %> <%= command.id %> files.csv'];

  static override args = {
    file: ofKind(
      'file',
      Args.string({ description: 'CSV file to create.', default: 'manifest.csv' }),
    ),
  };

  static override flags = {
    overwrite: Flags.boolean({ description: 'Replace an existing file.' }),
  };

  async run(): Promise<{ path: string }> {
    const { args, flags } = await this.parse(DownloadListManifest);
    const syn = await this.connect(flags);
    const path = await syn.downloadList.manifest({
      destination: args.file,
      overwrite: flags.overwrite,
      signal: this.signal,
    });
    this.log(`Manifest file: ${printable(path)}`);
    return { path };
  }
}
