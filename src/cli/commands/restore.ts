import { Args, Flags } from '@oclif/core';
import type { RestoredFile, RestoreReport } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { exitCodes } from '../exitCodes.js';
import { printable } from '../printable.js';
import { limitRateFlag } from '../transferFlags.js';
import { ofKind } from '../valueKind.js';

export default class Restore extends BaseCommand {
  static override summary = 'Download exactly the versions of files that a lock names.';

  static override description =
    'Local files with the MD5 of the lock are not downloaded again. A local file that differs is replaced when a version in Synapse ' +
    'has its content, otherwise it is kept and named. A version that is gone, or whose content has changed, is named, the others ' +
    'are restored, and the exit status is 5. With --check, nothing is downloaded, and the exit status is 0 when all files are there, ' +
    '1 when files are missing or differ, and 5 when something could not be read.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> data.lock --download-location data',
    '<%= config.bin %> <%= command.id %> --check',
  ];

  static override args = {
    lock: ofKind(
      'file',
      Args.string({ description: 'File that `synapse lock` wrote.', default: 'synapse.lock' }),
    ),
  };

  static override flags = {
    'download-location': ofKind(
      'directory',
      Flags.string({
        aliases: ['downloadLocation'],
        description: 'Directory to restore the files in.',
        helpValue: '<directory>',
        default: '.',
      }),
    ),
    check: Flags.boolean({ description: 'Only compare the local files with the lock.' }),
    'overwrite-changes': Flags.boolean({
      aliases: ['overwriteChanges'],
      description: 'Replace local files whose content no version in Synapse has.',
    }),
    concurrency: Flags.integer({
      description: 'Files to download at the same time. Default: 16.',
      helpValue: '<number>',
      min: 1,
    }),
    ...limitRateFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Restore);
    const { check, concurrency } = flags;
    this.isResumable = true;
    const syn = check ? await this.client(flags) : await this.connect(flags, { anonymous: true });
    const report = await syn.sync.restore(args.lock, flags['download-location'], {
      check,
      overwriteChanges: flags['overwrite-changes'],
      ...(concurrency !== undefined && { concurrency }),
      signal: this.signal,
      onProgress: check ? undefined : await this.progress(),
    });
    this.#show(report);
    return report;
  }

  #show({ items, directory }: RestoreReport): void {
    const count = (wanted: RestoredFile['action']): number =>
      items.filter(({ action }) => action === wanted).length;
    for (const { action, id, version, path, reason } of items) {
      if (action === 'unchanged' && reason === undefined) continue;
      const versioned = version === undefined ? id : `${id}.${version}`;
      const line = `${action.padEnd(10)} ${printable(path)} (${versioned})`;
      const text = reason === undefined ? line : `${line} - ${printable(reason)}`;
      this.log(text);
    }
    const actions = ['downloaded', 'unchanged', 'missing', 'changed', 'failed'] as const;
    const sums = actions.map((action) => `${count(action)} ${action}`);
    this.note(
      `${sums.filter((sum) => !sum.startsWith('0 ')).join(', ') || 'no files'} in ${directory}`,
    );
    if (count('failed') > 0) process.exitCode = exitCodes.partial;
    else if (count('missing') + count('changed') > 0) process.exitCode = exitCodes.failure;
  }
}
