import { BaseCommand } from '../../baseCommand.js';
import { formatBytes } from '../../../values/formatBytes.js';

export default class CacheSize extends BaseCommand {
  static override summary = 'Show the disk usage of the cache.';

  static override description =
    'Prints the number of files and their bytes, with files outside the cache folder apart.';

  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CacheSize);
    const { cache } = await this.client(flags);
    const { files, bytes } = await cache.size();
    this.log(`${formatBytes(bytes)} in ${files} file${files === 1 ? '' : 's'} in ${cache.root}`);
    return { root: cache.root, files, bytes };
  }
}
