import { Args } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { entityDiffText, treeDiffText } from '../diffText.js';
import { exitCodes } from '../exitCodes.js';
import { required } from '../flags.js';
import { usageError } from '../usageError.js';
import { ofKind } from '../valueKind.js';

export default class Diff extends BaseCommand {
  static override summary = 'Compare a directory with Synapse, or two versions.';

  static override description =
    'A directory is compared by size and MD5, and nothing is transferred: "missing" is only in Synapse, "extra" only in the ' +
    'directory. Two versions are compared by content, name and other properties, annotations with their types, and columns. Both ' +
    'sides can also be different entities. The exit status is 0 when both are the same, 1 when they differ, and 5 when something ' +
    'could not be read or compared.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> study syn123',
    '<%= config.bin %> <%= command.id %> syn456.1 syn456.2',
  ];

  static override args = {
    from: ofKind(
      'entity',
      Args.string({
        description: 'Directory, or Synapse id (syn456.1 for a version). ./syn456 is a directory.',
      }),
    ),
    to: ofKind(
      'entity',
      Args.string({
        description:
          'Synapse id: a project or folder to compare the directory with, or the other version.',
      }),
    ),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Diff);
    const { FROM, TO } = required({ FROM: args.from, TO: args.to });
    const { isSynapseId } = await import('../../values/ids.js');
    if (!isSynapseId(TO)) {
      throw usageError(
        `${args.to ?? ''} is no Synapse id: the directory comes first, as in \`synapse diff DIRECTORY syn123\`.`,
      );
    }
    const syn = await this.connect(flags, { anonymous: true });
    const { signal } = this;
    if (!isSynapseId(FROM)) {
      const diff = await syn.sync.diff(FROM, TO, { signal });
      if (!diff.isSame) {
        process.exitCode = diff.counts.unreadable > 0 ? exitCodes.partial : exitCodes.failure;
      }
      this.log(treeDiffText(diff));
      return diff;
    }
    const diff = await syn.diff(FROM, TO, { signal });
    const isUnknown = diff.content !== undefined && diff.content.isSame === undefined;
    if (!diff.isSame) process.exitCode = isUnknown ? exitCodes.partial : exitCodes.failure;
    this.log(entityDiffText(diff));
    return diff;
  }
}
