import { Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { entityArg, versionFlag } from '../flags.js';
import { firstLines } from '../firstLines.js';
import { bytesFlag } from '../measureFlags.js';
import { noOutputFlags } from '../output/outputFlags.js';
import { pipeToStdout } from '../pipeToStdout.js';

export default class Head extends BaseCommand {
  static override summary = 'Write the beginning of a file to standard output.';

  static override description = 'Downloads only that part of the file.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --lines 1',
    '<%= config.bin %> <%= command.id %> syn456 --bytes 512 | xxd',
  ];

  static override args = { id: entityArg };

  static override flags = {
    ...versionFlag,
    lines: Flags.integer({
      char: 'n',
      min: 1,
      helpValue: '<number>',
      defaultHelp: () => Promise.resolve('10'),
      description: 'Number of lines.',
    }),
    bytes: bytesFlag({
      char: 'c',
      description: 'Number of bytes instead of lines: 512, 10k.',
      exclusive: ['lines'],
    }),
  };

  // The bytes of the file are the result.
  static override enableJsonFlag = false;

  static override baseFlags = { ...BaseCommand.baseFlags, ...noOutputFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Head);
    const { bytes, lines = 10, version } = flags;
    const syn = await this.connect(flags, { anonymous: true });
    const content = await syn.download(args.id, {
      range: bytes === undefined ? undefined : { start: 0, end: bytes },
      // Synapse has no MD5 of a part of a file.
      verify: false,
      signal: this.signal,
      version,
    });
    await pipeToStdout(bytes === undefined ? firstLines(content, lines) : content, this.signal);
  }
}
