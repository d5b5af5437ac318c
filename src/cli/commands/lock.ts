import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { exitCodes } from '../exitCodes.js';
import { printable } from '../printable.js';
import { usageError } from '../usageError.js';
import { writeResult } from '../writeResult.js';
import { fromStdin, ofKind } from '../valueKind.js';

export default class LockCommand extends BaseCommand {
  static override summary = 'Note the versions of all files, to restore exactly these.';

  static override description =
    'The lock is a JSON file with the id, version, name, path, size and MD5 of each file, one a line and in order of path. When ' +
    'nothing has changed, it is the same byte by byte, so it can be kept in git and compared. Tables, views and links have no ' +
    'files, and are named on standard error. Files that cannot be read are in the lock as failures, and the exit status is 5. ' +
    '`synapse restore` downloads what is in it.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn123 syn456.2 --output data.lock',
  ];

  static override args = {
    id: fromStdin(
      ofKind(
        'entity',
        Args.string({
          description:
            'Synapse ids of projects, folders or files (syn456.2 for a version), or - to read them from standard input. The content ' +
            'of a single container is at the top of the directory that is restored; of several, each has a directory of its name.',
          required: true,
          multiple: true,
        }),
      ),
    ),
  };

  static override flags = {
    output: ofKind(
      'file',
      Flags.string({
        char: 'o',
        description: 'File to write; - is standard output.',
        helpValue: '<file>',
        default: 'synapse.lock',
      }),
    ),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(LockCommand);
    const ids = args.id;
    if (ids.length === 0) throw usageError('There is nothing to lock.');
    const { versionOf } = await import('../../values/ids.js');
    for (const id of ids) versionOf(id, undefined);
    const syn = await this.connect(flags, { anonymous: true });
    const lock = await syn.sync.lock(ids, {
      signal: this.signal,
      onLeftOut: ({ id, path, reason }) =>
        this.note(`not locked: ${printable(path)} (${id}): ${printable(reason)}`),
    });
    const { files, failures = [] } = lock;
    for (const { id, path, reason } of failures) {
      this.note(`not locked: ${printable(path) || '.'} (${id}): ${printable(reason)}`);
    }
    const { formatLock } = await import('../../index.js');
    const text = formatLock(lock);
    if (failures.length > 0) process.exitCode = exitCodes.partial;
    if (flags.output === '-') {
      this.logJsonText(text.trimEnd());
      return lock;
    }
    await writeResult(flags.output, text);
    const sum = failures.length > 0 ? `, ${failures.length} failed` : '';
    this.log(`Locked ${files.length} files in ${flags.output}${sum}`);
    return { output: flags.output, files: files.length, failures };
  }
}
