import { Args, Flags } from '@oclif/core';
import type {
  ColumnDefinitions,
  EntityView,
  MaterializedView,
  SubmissionView,
  ViewedType,
  VirtualTable,
} from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { columnFlags, newParentFlag, readColumnFlags } from '../../columnFlags.js';
import { printableName } from '../../printable.js';
import { storeNew } from '../../storeNew.js';
import { usageError } from '../../usageError.js';
import { ofKind } from '../../valueKind.js';
import { idsFlag } from '../../flags.js';

const source = {
  multiple: true,
  multipleNonGreedy: true,
  delimiter: ',',
} as const;

export default class ViewCreate extends BaseCommand {
  static override summary = 'Create a view of entities or submissions, or from SQL.';

  static override description =
    'Prints the id. An existing view of that name is reused and gets the given scope, types and SQL; columns that it lacks are ' +
    'added, and none is removed. A view of entities has the default columns and, with --add-annotation-columns, one for each ' +
    'annotation in its scope.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> files --parent-id syn123 --scope syn123 --types file,folder --add-annotation-columns',
    '<%= config.bin %> <%= command.id %> submissions --parent-id syn123 --evaluation 9600001',
    '<%= config.bin %> <%= command.id %> adults --parent-id syn123 --sql "SELECT * FROM syn789 WHERE age >= 18"',
  ];

  static override args = {
    name: Args.string({ description: 'Name of the view.', required: true }),
  };

  static override flags = {
    ...newParentFlag,
    scope: ofKind(
      'container',
      Flags.string({
        ...source,
        description:
          'Project or folder whose content is shown, at any depth. Can be given several times.',
        helpValue: '<id>',
        exclusive: ['evaluation', 'sql'],
      }),
    ),
    types: Flags.string({
      ...source,
      description:
        'Types of entities that are shown, separated by commas: file, project, table, folder, entityview, docker, submissionview, ' +
        'dataset, datasetcollection, materializedview. Default: file.',
      helpValue: '<types>',
      dependsOn: ['scope'],
    }),
    evaluation: ofKind(
      'evaluation',
      Flags.string({
        ...source,
        description: 'Evaluation whose submissions are shown. Can be given several times.',
        helpValue: '<id>',
        exclusive: ['scope', 'sql'],
      }),
    ),
    sql: Flags.string({
      description: 'Query whose result the view is. It can join and unite tables.',
      helpValue: '<query>',
      exclusive: ['scope', 'evaluation', 'columns', 'columns-file', 'add-annotation-columns'],
    }),
    virtual: Flags.boolean({
      description: 'Run the query of --sql each time, instead of keeping its result.',
      dependsOn: ['sql'],
    }),
    ...columnFlags,
    'add-annotation-columns': Flags.boolean({
      description: 'Add a column for each annotation in the scope.',
    }),
    'default-columns': Flags.boolean({
      description: 'Add the default columns.',
      default: true,
      allowNo: true,
    }),
    ...idsFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ViewCreate);
    if (!flags.scope && !flags.evaluation && !flags.sql) {
      throw usageError('Give what the view shows: --scope, --evaluation or --sql.');
    }
    const columns = await readColumnFlags(flags);
    const view = await newView({ ...flags, name: args.name, newColumns: columns });
    const syn = await this.connect(flags);
    const { stored, isNew } = await storeNew(syn, view, { signal: this.signal });
    if (!isNew) this.note('A view of that name already exists: it is used.');
    this.logId(flags, stored.id, `Created entity: ${stored.id}\t${printableName(stored.name)}`);
    return { id: stored.id, name: stored.name, columns: stored.columns };
  }
}

interface ViewFlags {
  name: string;
  'parent-id': string;
  scope?: string[] | undefined;
  types?: string[] | undefined;
  evaluation?: string[] | undefined;
  sql?: string | undefined;
  virtual?: boolean | undefined;
  newColumns: ColumnDefinitions | undefined;
  'add-annotation-columns'?: boolean | undefined;
  'default-columns': boolean;
}

async function newView(
  flags: ViewFlags,
): Promise<EntityView | SubmissionView | MaterializedView | VirtualTable> {
  const library = await import('../../../index.js');
  const named = { name: flags.name, parentId: flags['parent-id'] };
  if (flags.sql !== undefined) {
    const init = { ...named, definingSQL: flags.sql };
    return flags.virtual ? new library.VirtualTable(init) : new library.MaterializedView(init);
  }
  const init = {
    ...named,
    columns: flags.newColumns,
    // An existing view gets its default columns back only when that is asked for, which the command line cannot tell.
    ...(!flags['default-columns'] && { includeDefaultColumns: false }),
    includeAnnotationColumns: flags['add-annotation-columns'],
  };
  if (flags.evaluation !== undefined) {
    return new library.SubmissionView({ ...init, scope: flags.evaluation });
  }
  // The library reports a type that does not exist.
  const types = (flags.types ?? ['file']) as ViewedType[];
  return new library.EntityView({ ...init, scope: flags.scope, types });
}
