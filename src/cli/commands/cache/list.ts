import type { CachedFile } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { printable } from '../../printable.js';
import { isReaderGone } from '../../standardStreams.js';

export default class CacheList extends BaseCommand {
  static override summary = 'List cached files.';

  static override description =
    'Prints one line per file, separated by tabs: file handle, modification time, MD5, path. Includes files outside the cache ' +
    'folder.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --cache-dir /shared/cache --json',
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CacheList);
    const { cache } = await this.client(flags);
    const copies: CachedFile[] = [];
    let count = 0;
    for await (const copy of cache.list()) {
      this.signal.throwIfAborted();
      count += 1;
      const { fileHandleId, modified, md5 = '-', path } = copy;
      this.log([fileHandleId, modified, md5, printable(path)].join('\t'));
      if (this.jsonEnabled()) await this.keep(copies, copy);
      if (isReaderGone()) break;
    }
    if (count === 0) this.note(`There are no files in ${cache.root}.`);
    return copies;
  }
}
