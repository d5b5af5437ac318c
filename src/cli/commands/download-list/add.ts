import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { listedFilesArg } from '../../listedFilesArg.js';
import { printable } from '../../printable.js';
import { usageError } from '../../usageError.js';

export default class DownloadListAdd extends BaseCommand {
  static override summary = 'Add files to your download list.';

  static override description =
    'Takes files, folders and projects, and the files that a query of a view or dataset selects. A file without a version is ' +
    'downloaded in its current one. What cannot be added is listed, with status 5.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123 syn456.2',
    '<%= config.bin %> <%= command.id %> syn789 --no-recursive',
    '<%= config.bin %> <%= command.id %> --query "select * from syn789 where tissue = \'liver\'"',
  ];

  static override args = { ids: listedFilesArg };

  static override flags = {
    query: Flags.string({
      char: 'q',
      description: 'Add the files that a query of a view or dataset selects.',
      helpValue: '<sql>',
    }),
    recursive: Flags.boolean({
      char: 'r',
      allowNo: true,
      default: true,
      description:
        'Add the files in all folders below a project or folder too. This is the default.',
    }),
    'latest-version': Flags.boolean({
      description:
        'Add the files of a folder or query without their version, to download the one that is current then.',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DownloadListAdd);
    const { query } = flags;
    const sources = [...(args.ids ?? []), ...(query === undefined ? [] : [query])];
    if (sources.length === 0 && this.readCount === undefined)
      throw usageError('Give the ids of files or folders, or --query.');
    const syn = await this.connect(flags);
    const { added, alreadyListed, failed } = await syn.downloadList.add(sources, {
      recursive: flags.recursive,
      useVersionNumber: !flags['latest-version'],
      signal: this.signal,
      onProgress: await this.progress(),
    });
    this.log(`Added: ${added}`);
    if (alreadyListed > 0) this.note(`On the list already: ${alreadyListed}`);
    const result = {
      added,
      alreadyListed,
      failed: failed.map(({ name, error }) => ({ name, error: error.message })),
    };
    const failures = failed.map(({ name, error }) => ({ path: printable(name), error }));
    await this.throwFailed('added', failures, result);
    return result;
  }
}
