import { BaseCommand } from '../../baseCommand.js';
import { printable } from '../../printable.js';

export default class CacheList extends BaseCommand {
  static override summary = 'List the copies of files that the cache knows of.';

  static override description =
    'A line each: file handle, the time of the file, its MD5, its path; with tabs between them. Copies outside of the cache folder ' +
    'are listed too.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --cache-dir /shared/cache --json',
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CacheList);
    const { cache } = await this.client(flags);
    const copies = [];
    for await (const copy of cache.list()) {
      this.signal.throwIfAborted();
      const { fileHandleId, modified, md5 = '-', path } = copy;
      this.log([fileHandleId, modified, md5, printable(path)].join('\t'));
      if (this.jsonEnabled()) copies.push(copy);
    }
    return copies;
  }
}
