import { Args, Flags } from '@oclif/core';
import type { AssociatedFile } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { limitSearchFlag } from '../flags.js';
import { printable } from '../printable.js';

export default class Associate extends BaseCommand {
  static override summary = 'Record local files that Synapse has, so that they are not downloaded.';

  static override description =
    'Finds files in Synapse by their content (MD5), and records them in the cache. `synapse get` then copies or uses them instead of ' +
    'downloading. Prints the id with the version, a TAB and the path. Files that Synapse does not have are named on standard error.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> counts.csv',
    '<%= config.bin %> <%= command.id %> data/ --recursive --limit-search syn123',
  ];

  static override args = {
    path: Args.string({
      description: 'Local file, or with --recursive a directory.',
      required: true,
    }),
  };

  static override flags = {
    ...limitSearchFlag,
    recursive: Flags.boolean({
      char: 'r',
      description: 'Look up all files in a directory and below it.',
    }),
  };

  async run(): Promise<AssociatedFile[]> {
    const { args, flags } = await this.parse(Associate);
    const syn = await this.connect(flags);
    const files = syn.sync.associate(args.path, {
      recursive: flags.recursive,
      limitSearch: flags['limit-search'],
      signal: this.signal,
    });
    return this.collect(files, (file) => this.#report(file));
  }

  #report(file: AssociatedFile): AssociatedFile {
    const { id, versionNumber, path } = file;
    if (id === undefined) {
      this.note(`WARNING: The file ${printable(path)} is not available in Synapse`);
    } else this.log(`${id}.${versionNumber ?? ''}\t${printable(path)}`);
    return file;
  }
}
