import { BaseCommand } from '../baseCommand.js';
import { attemptIds } from '../attemptIds.js';
import { entitiesArg, versionFlag } from '../flags.js';
import { noOutputFlags } from '../output/outputFlags.js';
import { pipeToStdout } from '../pipeToStdout.js';
import { isReaderGone } from '../standardStreams.js';
import { limitRateFlag, noVerifyFlag, rangeFlag } from '../transferFlags.js';

export default class Cat extends BaseCommand {
  static override summary = 'Write files to standard output.';

  static override description =
    'Streams the content without storing it. The MD5 is verified at the end; the exit status is 1 when it does not match.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456 | gunzip | wc -l',
    '<%= config.bin %> <%= command.id %> syn456 --range 1000000- >> rest.bin',
  ];

  static override args = { id: entitiesArg };

  static override flags = { ...versionFlag, ...rangeFlag, ...limitRateFlag, ...noVerifyFlag };

  // The bytes of the file are the result.
  static override enableJsonFlag = false;

  static override baseFlags = { ...BaseCommand.baseFlags, ...noOutputFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Cat);
    const syn = await this.connect(flags, { anonymous: true });
    const contents = attemptIds(args.id, 'read', async (id) => {
      const bytes = await syn.download(id, {
        range: flags.range,
        verify: !flags['no-verify'],
        signal: this.signal,
        version: flags.version,
      });
      await pipeToStdout(bytes, this.signal);
    });
    while ((await contents.next()).done !== true) if (isReaderGone()) break;
  }
}
