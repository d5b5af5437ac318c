import { basename } from 'node:path';
import { Flags } from '@oclif/core';
import type { DownloadListReport, Failure } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { limitRateFlag } from '../transferFlags.js';
import { printable, printableName } from '../printable.js';
import { ofKind } from '../valueKind.js';

export default class GetDownloadList extends BaseCommand {
  static override summary = 'Download all files of your download list.';

  static override description =
    'Files are collected on the website, or with `synapse download-list add`. All of them go directly into one directory. No local ' +
    'file is replaced: the second of a name becomes name(1).ext. Files that are complete and have the right MD5 are removed from ' +
    'the list; the others stay on it, and the status is 5. A manifest has the path or the error of each file.\n\n' +
    'Run the command again to resume: files that are there are not transferred again.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --download-location data',
  ];

  static override flags = {
    'download-location': ofKind(
      'directory',
      Flags.string({
        aliases: ['downloadLocation'],
        default: './',
        helpValue: '<directory>',
        description: 'Directory to download to, created if missing.',
      }),
    ),
    concurrency: Flags.integer({
      description: 'Files to download at the same time. Default: 16.',
      helpValue: '<number>',
      min: 1,
    }),
    'keep-list': Flags.boolean({ description: 'Leave the files on the download list.' }),
    ...limitRateFlag,
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(GetDownloadList);
    const syn = await this.connect(flags);
    this.isResumable = true;
    const { summary, onProgress } = await this.countedProgress();
    const location = flags['download-location'];
    const report = await syn.downloadList.download(location, {
      concurrency: flags.concurrency,
      removeFromList: !flags['keep-list'],
      signal: this.signal,
      onProgress,
    });
    const failures = report.failed.map(({ id, versionNumber, name, error }): Failure => {
      const key = versionNumber === undefined ? id : `${id}.${versionNumber}`;
      return { path: name === undefined ? key : `${printableName(name)} (${key})`, error };
    });
    summary.countFailures({ failures });
    await this.noticeSummary(summary, { transferred: 'downloaded', skipped: 'were there' });
    if (report.manifest !== undefined) {
      this.log(`Manifest file: ${printable(within(location, report.manifest))}`);
    } else if (report.blocked === 0) this.note('The download list has no files.');
    const found = resultOf(report);
    await this.throwFailed('downloaded', [...failures, ...blockedFailures(report)], found);
    return found;
  }
}

/** The path of a file in a directory, in the way that the directory is given: scripts use it in the same place. */
function within(directory: string, path: string): string {
  return `${directory}${/[/\\]$/.test(directory) ? '' : '/'}${basename(path)}`;
}

/** The report as JSON. */
function resultOf({ failed, ...report }: DownloadListReport): object {
  return {
    ...report,
    failed: failed.map(({ error, ...file }) => ({ ...file, error: error.message })),
  };
}

/** What the caller can do about the files that the service does not give. */
function blockedFailures({ blocked, actionsRequired }: DownloadListReport): Failure[] {
  if (blocked === 0) return [];
  const files = blocked === 1 ? 'one more file of the list' : `${blocked} more files of the list`;
  const steps = actionsRequired.map(({ todo, url }) => `${todo}, at ${url}`);
  const message =
    steps.length === 0
      ? 'deleted, or not to be downloaded by you. See `synapse download-list list`.'
      : `${steps.join('; ')}.`;
  return [{ path: files, error: new Error(message) }];
}
