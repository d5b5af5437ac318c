import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { formatBytes } from '../../../values/formatBytes.js';
import { bytesFlag, pastFlag } from '../../measureFlags.js';
import { yesFlag } from '../../flags.js';
import { usageError } from '../../usageError.js';

export default class CachePrune extends BaseCommand {
  static override summary = 'Remove files from the cache, by age or by total size.';

  static override description =
    'The age of a file is the time since its last download. --max-size removes the oldest files first. Files outside the cache ' +
    'folder and downloads in progress are kept. Asks for confirmation, unless --yes is given.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> --older-than 30d --yes',
    '<%= config.bin %> <%= command.id %> --max-size 50G --dry-run',
  ];

  static override flags = {
    'older-than': pastFlag({
      aliases: ['before'],
      description:
        'Remove files last downloaded longer ago than this (30d, 12h, 2w), or before a date.',
    }),
    'max-size': bytesFlag({
      description: 'Remove the oldest files until the cache is no larger than this (500M, 50G).',
    }),
    'dry-run': Flags.boolean({
      aliases: ['dryRun'],
      description: 'Show what would be removed, without removing it.',
    }),
    ...yesFlag,
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CachePrune);
    const before = flags['older-than'];
    const maxBytes = flags['max-size'];
    const dryRun = flags['dry-run'];
    if (before === undefined && maxBytes === undefined) {
      throw usageError('Select what to remove: --older-than 30d, --max-size 50G, or both.');
    }
    const otherwise = 'add --yes to remove the files, or --dry-run to list them';
    if (!dryRun && !flags.yes) this.requireTerminal(otherwise);
    const { cache } = await this.client(flags);
    const { root } = cache;
    if (!dryRun && !flags.yes) {
      const planned = await cache.purge({ dryRun: true, before, maxBytes });
      const isSure =
        planned.folders.length === 0 ||
        (await this.confirm(`Remove ${amountText(planned)} of ${root}?`, otherwise));
      if (!isSure) {
        this.note(`Removed nothing of ${root}`);
        return { root, folders: [], bytes: 0, dryRun };
      }
    }
    const removed = await cache.purge({ dryRun, before, maxBytes });
    if (dryRun) for (const folder of removed.folders) this.log(folder);
    this.note(`${dryRun ? 'Would remove' : 'Removed'} ${amountText(removed)} of ${root}`);
    return { root, ...removed, dryRun };
  }
}

function amountText({ folders, bytes }: { folders: readonly string[]; bytes: number }): string {
  return `${formatBytes(bytes)} in ${folders.length} folder${folders.length === 1 ? '' : 's'}`;
}
