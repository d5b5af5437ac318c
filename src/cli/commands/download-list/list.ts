import { formatBytes } from '../../../values/formatBytes.js';
import { BaseCommand } from '../../baseCommand.js';
import { printable } from '../../printable.js';
import { idsFlag } from '../../flags.js';

export default class DownloadListList extends BaseCommand {
  static override summary = 'List the files of your download list.';

  static override description =
    'Prints the files that you can download now, sorted by name, with their sizes in bytes. The totals, and what you must do before ' +
    'the other files can be downloaded, go to standard error.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  static override flags = idsFlag;

  async run(): Promise<unknown> {
    const { flags } = await this.parse(DownloadListList);
    const { signal } = this;
    const syn = await this.connect(flags);
    const files = await this.table(
      syn.downloadList.list({ sort: [{ field: 'fileName', direction: 'ASC' }], signal }),
      {
        ID: ({ fileEntityId }) => fileEntityId,
        VERSION: ({ versionNumber }) => versionNumber ?? 'current',
        SIZE: ({ fileSizeBytes }) => fileSizeBytes,
        PROJECT: ({ projectName }) => projectName,
        NAME: ({ fileName }) => fileName,
      },
      flags,
    );
    const statistics = await syn.downloadList.statistics({ signal });
    const { numberOfFilesRequiringAction: blocked, sumOfFileSizesAvailableForDownload: bytes } =
      statistics;
    this.note(`${files.length} files to download (${formatBytes(bytes)})`);
    if (blocked === 0) return { files, statistics, actionsRequired: [] };
    const actionsRequired = await syn.downloadList.actionsRequired({ signal }).toArray();
    this.note(`${blocked} more cannot be downloaded now: deleted, or see below.`);
    for (const { files: count, todo, url } of actionsRequired) {
      this.note(`  ${count} files: ${todo}, at ${printable(url)}`);
    }
    return { files, statistics, actionsRequired };
  }
}
