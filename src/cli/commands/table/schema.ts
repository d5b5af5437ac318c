import { Flags } from '@oclif/core';
import type { ColumnChanges, ColumnsInput } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { columnListing } from '../../columnListing.js';
import { exitCodes } from '../../exitCodes.js';
import { entityArg, yesFlag } from '../../flags.js';
import { printableName } from '../../printable.js';
import { columnSpecHelp, readColumnSpecs } from '../../readColumnSpecs.js';
import { usageError } from '../../usageError.js';

const many = { multiple: true, multipleNonGreedy: true } as const;

export default class TableSchema extends BaseCommand {
  static override summary = 'Show or change the columns of a table or view.';

  static override description =
    'Without changes, shows the columns. Prints what is changed. Columns that are renamed or get another type keep their values; ' +
    'the change is refused when a value does not fit. With --dry-run, the exit status is 1 when Synapse would refuse it. --drop deletes the values of a column: make a snapshot first to keep them. It asks for confirmation, unless --yes is given.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn789',
    '<%= config.bin %> <%= command.id %> syn789 --add tags:STRING_LIST --rename a=age --retype a:DOUBLE --dry-run',
    '<%= config.bin %> <%= command.id %> syn789 --drop notes --order patient,age --yes',
  ];

  static override args = { id: entityArg };

  static override flags = {
    add: Flags.string({
      ...many,
      description: `Columns to add, separated by commas: ${columnSpecHelp}.`,
      helpValue: '<columns>',
    }),
    rename: Flags.string({
      ...many,
      description: 'Columns to rename, as old=new.',
      helpValue: '<old=new>',
    }),
    retype: Flags.string({
      ...many,
      description: 'Columns to give another type, size or facet, by their names before the change.',
      helpValue: '<columns>',
    }),
    drop: Flags.string({
      ...many,
      description: 'Column to remove with its values.',
      helpValue: '<name>',
    }),
    order: Flags.string({
      ...many,
      description: 'Names of the columns that come first, separated by commas.',
      helpValue: '<names>',
    }),
    'dry-run': Flags.boolean({
      aliases: ['dryRun'],
      description: 'Only print what would be changed.',
    }),
    ...yesFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TableSchema);
    const changes = readChanges(flags);
    if (!(await this.#isSure(args.id, flags))) {
      this.log(`Did not change ${args.id}`);
      return { dryRun: false, changes: [], problems: [] };
    }
    const syn = await this.connect(flags, { anonymous: changes === undefined });
    if (changes === undefined) {
      const columns = await syn.tables.columns(args.id, { signal: this.signal });
      this.log(await columnListing(columns));
      return { columns };
    }
    const dryRun = flags['dry-run'];
    const plan = await syn.tables.alter(args.id, changes, { dryRun, signal: this.signal });
    this.log(String(plan));
    const { problems, columns } = plan;
    if (problems.length > 0) {
      this.note('Synapse would refuse this change.');
      process.exitCode = exitCodes.failure;
    } else if (dryRun && !plan.isEmpty) {
      this.note('Nothing was changed: this was a dry run.');
    }
    return { dryRun, changes: plan.changes, problems, columns };
  }

  async #isSure(id: string, { drop, yes, 'dry-run': dryRun }: ChangeFlags): Promise<boolean> {
    if (drop === undefined || yes || dryRun) return true;
    const columns = drop.map(printableName).join(', ');
    const question = `Drop ${columns} of ${id} with all values?`;
    return this.confirm(question, 'add --yes to drop columns, or --dry-run to look first');
  }
}

interface ChangeFlags {
  yes: boolean;
  'dry-run': boolean;
  add?: string[] | undefined;
  rename?: string[] | undefined;
  retype?: string[] | undefined;
  drop?: string[] | undefined;
  order?: string[] | undefined;
}

/** The changes that the flags describe; `undefined` without any. */
function readChanges({ add, rename, retype, drop, order }: ChangeFlags): ColumnChanges | undefined {
  if ([add, rename, retype, drop, order].every((flag) => flag === undefined)) return undefined;
  return {
    ...(add && { add: readColumnSpecs('add', add) }),
    ...(rename && { rename: readRenames(rename) }),
    ...(retype && { retype: readRetypes(retype) }),
    ...(drop && { drop }),
    ...(order && { order: order.flatMap((names) => names.split(',')).map((name) => name.trim()) }),
  };
}

function readRenames(pairs: readonly string[]): Record<string, string> {
  const renames = pairs.map((pair): [string, string] => {
    const [from = '', to = '', ...more] = pair.split('=').map((name) => name.trim());
    if (from === '' || to === '' || more.length > 0) {
      throw usageError(
        `--rename: ${JSON.stringify(pair)} is not a change of a name. Write old=new.`,
      );
    }
    return [from, to];
  });
  const names = renames.map(([from]) => from);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw usageError(`--rename: ${JSON.stringify(twice)} is renamed twice.`);
  return Object.fromEntries(renames);
}

function readRetypes(specs: readonly string[]): ColumnsInput {
  const columns = readColumnSpecs('retype', specs);
  return Object.fromEntries(columns.map(({ name, ...column }) => [name, column]));
}
