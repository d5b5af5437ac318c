import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { resolveUsed } from '../../../entities/resolveUsed.js';
import { entityArg, limitSearchFlag, provenanceFlags, idsFlag } from '../../flags.js';

export default class TableSnapshot extends BaseCommand {
  static override summary = 'Keep the current rows of a table or view as a version.';

  static override description =
    'Prints the id with the version, by which the snapshot can be queried.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn789 --label v1 --comment "as submitted"',
  ];

  static override args = { id: entityArg };

  static override flags = {
    label: Flags.string({
      description: 'Label of the version. Default: its number.',
      helpValue: '<label>',
    }),
    comment: Flags.string({ description: 'Comment of the version.', helpValue: '<text>' }),
    ...provenanceFlags,
    ...limitSearchFlag,
    ...idsFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TableSnapshot);
    const { label, comment } = flags;
    const syn = await this.connect(flags);
    const search = { limitSearch: flags['limit-search'], signal: this.signal };
    const used = await resolveUsed(syn, flags.used ?? [], search);
    const executed = await resolveUsed(syn, flags.executed ?? [], search);
    const activity = used.length + executed.length > 0 ? { used, executed } : undefined;
    const snapshot = await syn.tables.snapshot(args.id, {
      label,
      comment,
      activity,
      signal: this.signal,
    });
    this.logId(flags, snapshot.versionedId, `Created snapshot: ${snapshot.versionedId}`);
    return snapshot;
  }
}
