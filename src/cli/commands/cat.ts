import { BaseCommand } from '../baseCommand.js';
import { entityArg, versionFlag } from '../flags.js';
import { noOutputFlags } from '../output/outputFlags.js';
import { pipeToStdout } from '../pipeToStdout.js';
import { limitRateFlag, noVerifyFlag, rangeFlag } from '../transferFlags.js';

export default class Cat extends BaseCommand {
  static override summary = 'Write a file to standard output.';

  static override description =
    'Streams the content without storing it. The MD5 is verified at the end; the exit status is 1 when it does not match.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456 | gunzip | wc -l',
    '<%= config.bin %> <%= command.id %> syn456 --range 1000000- >> rest.bin',
  ];

  static override args = { id: entityArg };

  static override flags = { ...versionFlag, ...rangeFlag, ...limitRateFlag, ...noVerifyFlag };

  // The bytes of the file are the result.
  static override enableJsonFlag = false;

  static override baseFlags = { ...BaseCommand.baseFlags, ...noOutputFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Cat);
    const syn = await this.connect(flags, { anonymous: true });
    const bytes = await syn.download(args.id, {
      range: flags.range,
      verify: !flags['no-verify'],
      signal: this.signal,
      version: flags.version,
    });
    await pipeToStdout(bytes, this.signal);
  }
}
