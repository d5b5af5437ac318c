import { Args, Flags } from '@oclif/core';
import type { AssociatedFile, AssociateOptions, Failure, Synapse } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { limitSearchFlag } from '../flags.js';
import { printable } from '../printable.js';
import { fromStdin, ofKind } from '../valueKind.js';

export default class Associate extends BaseCommand {
  static override summary = 'Record which local files Synapse has, to save downloads.';

  static override description =
    'Finds files in Synapse by their content (MD5), and records them in the cache. `synapse get` then copies or uses them instead of ' +
    'downloading. Prints the id with the version, a TAB and the path. Files that Synapse does not have are named on standard error.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> counts.csv',
    '<%= config.bin %> <%= command.id %> data/ --recursive --limit-search syn123',
    'find . -name "*.bam" | <%= config.bin %> <%= command.id %> -',
  ];

  static override args = {
    path: fromStdin(
      ofKind(
        'file',
        Args.string({
          description:
            'Local files, or with --recursive directories; or - to read their paths from standard input, one per line.',
          required: true,
          multiple: true,
        }),
      ),
    ),
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
    const options = {
      recursive: flags.recursive,
      limitSearch: flags['limit-search'],
      signal: this.signal,
    };
    return this.collect(associateEach(syn, args.path, options), (file) => this.#report(file));
  }

  #report(file: AssociatedFile): AssociatedFile {
    const { id, versionNumber, path } = file;
    if (id === undefined) {
      this.note(`WARNING: The file ${printable(path)} is not available in Synapse`);
    } else this.log(`${id}.${versionNumber ?? ''}\t${printable(path)}`);
    return file;
  }
}

/** A path that cannot be read does not stop the others. */
async function* associateEach(
  syn: Synapse,
  paths: readonly string[],
  options: AssociateOptions,
): AsyncGenerator<AssociatedFile> {
  const { ArgumentError, FileSystemError, PartialFailureError } = await import('../../errors.js');
  const failures: Failure[] = [];
  for (const path of paths) {
    try {
      yield* syn.sync.associate(path, options);
    } catch (error) {
      if (paths.length === 1) throw error;
      if (error instanceof PartialFailureError) failures.push(...error.failures);
      else if (error instanceof ArgumentError || error instanceof FileSystemError) {
        failures.push({ path, error });
      } else throw error;
    }
  }
  if (failures.length > 0) throw new PartialFailureError('associated', failures);
}
