import { Args } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { columnFlags, newParentFlag, readColumnFlags } from '../../columnFlags.js';
import { printableName } from '../../printable.js';
import { storeNew } from '../../storeNew.js';
import { usageError } from '../../usageError.js';

export default class TableCreate extends BaseCommand {
  static override summary = 'Create a table.';

  static override description =
    'Prints the id. An existing table of that name is reused: columns that it lacks are added, and none is removed.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> visits --parent-id syn123 --columns "patient:STRING(30),age:INTEGER:range,tags:STRING_LIST"',
    '<%= config.bin %> <%= command.id %> visits --parent-id syn123 --columns-file columns.json',
  ];

  static override args = {
    name: Args.string({ description: 'Name of the table.', required: true }),
  };

  static override flags = { ...newParentFlag, ...columnFlags };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TableCreate);
    const columns = await readColumnFlags(flags);
    if (columns === undefined) {
      throw usageError('Give the columns of the table: --columns or --columns-file.');
    }
    const { Table } = await import('../../../index.js');
    const table = new Table({ name: args.name, parentId: flags['parent-id'], columns });
    const syn = await this.connect(flags);
    const { stored, isNew } = await storeNew(syn, table, { signal: this.signal });
    if (!isNew) this.note('A table of that name already exists: it is used.');
    this.log(`Created entity: ${stored.id}\t${printableName(stored.name)}`);
    return { id: stored.id, name: stored.name, columns: stored.columns };
  }
}
