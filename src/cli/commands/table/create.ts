import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { columnFlags, newParentFlag, readColumnFlags } from '../../columnFlags.js';
import { printableName } from '../../printable.js';
import { storeNew } from '../../storeNew.js';
import { usageError } from '../../usageError.js';
import { ofKind } from '../../valueKind.js';
import { idsFlag } from '../../flags.js';

export default class TableCreate extends BaseCommand {
  static override summary = 'Create a table.';

  static override description =
    'Prints the id. An existing table of that name is reused: columns that it lacks are added, and none is removed.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> visits --parent-id syn123 --columns "patient:STRING(30),age:INTEGER:range,tags:STRING_LIST"',
    '<%= config.bin %> <%= command.id %> visits --parent-id syn123 --columns-file columns.json',
    '<%= config.bin %> <%= command.id %> visits --parent-id syn123 --csv visits.csv --exact',
  ];

  static override args = {
    name: Args.string({ description: 'Name of the table.', required: true }),
  };

  static override flags = {
    ...newParentFlag,
    ...columnFlags,
    csv: ofKind(
      'file',
      Flags.string({
        description: 'CSV file whose values decide the columns. Its rows are not stored.',
        helpValue: '<file>',
        exclusive: ['columns', 'columns-file'],
      }),
    ),
    exact: Flags.boolean({
      description:
        'Choose the columns for --csv such that they keep every value as it is. Default: the rules of the Python client.',
      dependsOn: ['csv'],
    }),
    ...idsFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TableCreate);
    const given = await readColumnFlags(flags);
    if (given === undefined && flags.csv === undefined) {
      throw usageError('Give the columns of the table: --columns, --columns-file or --csv.');
    }
    const syn = await this.connect(flags);
    const { Table } = await import('../../../index.js');
    const profile = flags.exact ? 'exact' : 'python';
    const columns =
      given ?? (await syn.tables.inferColumns(flags.csv ?? '', { profile, signal: this.signal }));
    const table = new Table({ name: args.name, parentId: flags['parent-id'], columns });
    const { stored, isNew } = await storeNew(syn, table, { signal: this.signal });
    if (!isNew) this.note('A table of that name already exists: it is used.');
    this.logId(flags, stored.id, `Created entity: ${stored.id}\t${printableName(stored.name)}`);
    return { id: stored.id, name: stored.name, columns: stored.columns };
  }
}
