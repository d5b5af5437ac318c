import { pipeline } from 'node:stream/promises';
import { BaseCommand } from '../baseCommand.js';
import { entityArg, versionFlag } from '../flags.js';

export default class Cat extends BaseCommand {
  static override summary = 'Write the bytes of a file to standard output.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn456 | gunzip | head'];

  static override args = { id: entityArg };

  static override flags = versionFlag;

  // The bytes of the file are the result.
  static override enableJsonFlag = false;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Cat);
    const syn = await this.connect(flags);
    const bytes = await syn.download(args.id, {
      signal: this.signal,
      ...(flags.version !== undefined && { version: flags.version }),
    });
    try {
      await pipeline(bytes, process.stdout, { end: false, signal: this.signal });
    } catch (error) {
      // The reader, `head` for one, has had enough: nothing is wrong.
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
    }
  }
}
