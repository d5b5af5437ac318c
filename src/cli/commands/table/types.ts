import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { usageError } from '../../usageError.js';
import { writeResult } from '../../writeResult.js';
import { ofKind } from '../../valueKind.js';

export default class TableTypes extends BaseCommand {
  static override summary = 'Write TypeScript types of the rows of tables and queries.';

  static override description =
    'Prints a module with an interface for each table, and with its columns for defineTable, so that rows that are read and written ' +
    'are checked by the compiler. Values have the types that the library returns by default.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn789 > rows.ts',
    '<%= config.bin %> <%= command.id %> syn789 syn790 --output rows.ts',
    '<%= config.bin %> <%= command.id %> --query "select age, count(*) as n from syn789 group by age"',
  ];

  static override args = {
    id: ofKind(
      'entity',
      Args.string({
        description: 'Synapse ids of tables or views, such as syn123, or syn123.4 for a version.',
        multiple: true,
      }),
    ),
  };

  static override flags = {
    query: Flags.string({
      description: 'Write the types of the result of this query. Can be given several times.',
      helpValue: '<sql>',
      multiple: true,
      multipleNonGreedy: true,
    }),
    output: ofKind(
      'file',
      Flags.string({
        char: 'o',
        description: 'Write to this file instead of standard output.',
        helpValue: '<file>',
      }),
    ),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TableTypes);
    const queries = (flags.query ?? []).map((sql) => ({ sql }));
    const inputs = [...(args.id ?? []), ...queries];
    if (inputs.length === 0) throw usageError('Missing ID: pass a table, or --query');
    const syn = await this.connect(flags, { anonymous: true });
    const types = await syn.tables.types(inputs, { signal: this.signal });
    if (flags.output !== undefined) await writeResult(flags.output, types);
    else this.log(types.trimEnd());
    return { types };
  }
}
