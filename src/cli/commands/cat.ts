import { BaseCommand } from '../baseCommand.js';
import { entityArg, versionFlag } from '../flags.js';
import { pipeToStdout } from '../pipeToStdout.js';
import { limitRateFlag, noVerifyFlag, rangeFlag } from '../transferFlags.js';

export default class Cat extends BaseCommand {
  static override summary = 'Write the bytes of a file to standard output.';

  static override description =
    'Byte for byte, and as they arrive; when the last one is there, they are checked against the MD5 in Synapse, and the exit status ' +
    'is 1 if they are wrong.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456 | gunzip | wc -l',
    '<%= config.bin %> <%= command.id %> syn456 --range 1000000- >> rest.bin',
  ];

  static override args = { id: entityArg };

  static override flags = { ...versionFlag, ...rangeFlag, ...limitRateFlag, ...noVerifyFlag };

  // The bytes of the file are the result.
  static override enableJsonFlag = false;

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
