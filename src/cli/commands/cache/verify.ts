import type { VerifiedFile } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { exitCodes } from '../../exitCodes.js';
import { printable } from '../../printable.js';

export default class CacheVerify extends BaseCommand {
  static override summary = 'Verify the MD5 of all cached files.';

  static override description =
    'Lists files that changed: "modified" files have a new modification time, "corrupt" files have different content and the ' +
    'same time, "missing" files no longer exist. Such files are not used; they are downloaded again when needed. The exit ' +
    'status is 1 when a file is corrupt.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CacheVerify);
    const { cache } = await this.client(flags);
    const counts = { ok: 0, missing: 0, modified: 0, corrupt: 0 };
    const found: VerifiedFile[] = [];
    for await (const copy of cache.verify({ signal: this.signal })) {
      counts[copy.state] += 1;
      if (copy.state === 'ok') continue;
      found.push(copy);
      this.log(`${copy.state}\t${copy.fileHandleId}\t${printable(copy.path)}`);
    }
    const { ok, missing, modified, corrupt } = counts;
    this.note(`${ok} ok, ${missing} missing, ${modified} modified, ${corrupt} corrupt`);
    if (corrupt > 0) process.exitCode = exitCodes.failure;
    return { root: cache.root, ...counts, found };
  }
}
