import { Args, Flags } from '@oclif/core';
import type {
  LeftOutFile,
  MigrationResult,
  MigrationRow,
  MigrationSummary,
  MigrationToConfirm,
} from '../../index.js';
import { ask } from '../ask.js';
import { BaseCommand } from '../baseCommand.js';
import { entityArg } from '../flags.js';
import { migrationListing } from '../migrationListing.js';
import { ofKind } from '../valueKind.js';

/** What `--json` prints. */
interface MigrationReport extends MigrationSummary {
  id: string;
  storageLocationId: string;
  index: string;
  /** `planned` with --dry-run, `aborted` when the question was answered with no, `nothing` when there was nothing to do. */
  state: 'aborted' | 'migrated' | 'nothing' | 'planned';
  /** With --dry-run: every file. */
  items?: MigrationRow[];
  /** With --dry-run: every file that is not migrated, and why. */
  leftOutItems?: LeftOutFile[];
}

/** Entities that are indexed between two notes. */
const noteEvery = 1000;

export default class Migrate extends BaseCommand {
  static override summary = 'Move files to another storage location.';

  static override description =
    'Finds the files in a project, folder, file or table and writes them into an index, a SQLite file; then has S3 copy them, ' +
    'and puts the copies in their place. Nothing passes through this machine. The storage location is in S3, in the region of ' +
    'the files, and created by you. ' +
    'Run the same command again to continue after an interruption. Exits with 5 when ' +
    'some files could not be migrated and --continue-on-error is given; the next run tries them again.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123 1234 ./migration.db --dry-run',
    '<%= config.bin %> <%= command.id %> syn123 1234 ./migration.db --file-version-strategy all --include-table-files --force',
  ];

  static override args = {
    id: entityArg,
    destination: Args.string({
      description: 'Id of the storage location to move the files to.',
      required: true,
    }),
    db: ofKind(
      'file',
      Args.string({
        description: 'Path of the index. It is created if there is none, and continued otherwise.',
        required: true,
      }),
    ),
  };

  static override flags = {
    'source-storage-location-ids': Flags.string({
      aliases: ['source_storage_location_ids'],
      multiple: true,
      delimiter: ',',
      description: 'Move only files that are in these storage locations. Default: in all.',
      helpValue: '<id>',
    }),
    'file-version-strategy': Flags.option({
      aliases: ['file_version_strategy'],
      description:
        'new: create a version of each file with the copy, and keep the others. latest: replace the content of the latest ' +
        'version. all: replace the content of all versions. skip: move no files, only those in cells of tables.',
      options: ['new', 'latest', 'all', 'skip'] as const,
      default: 'new' as const,
    })(),
    'include-table-files': Flags.boolean({
      aliases: ['include_table_files'],
      description: 'Also move files that are in cells of tables.',
    }),
    'table-snapshots': Flags.boolean({
      description: 'Make a snapshot of a table before its cells are changed.',
      default: true,
      allowNo: true,
    }),
    'continue-on-error': Flags.boolean({
      aliases: ['continue_on_error'],
      description: 'Go on when a file cannot be indexed or moved, and report it at the end.',
    }),
    'csv-log-path': ofKind(
      'file',
      Flags.string({
        aliases: ['csv_log_path'],
        description: 'Write what became of each file to this CSV file.',
        helpValue: '<file>',
      }),
    ),
    'dry-run': Flags.boolean({
      aliases: ['dryRun'],
      description: 'Index the files and list them, but move none.',
    }),
    force: Flags.boolean({
      char: 'y',
      aliases: ['yes'],
      description: 'Do not ask for confirmation.',
    }),
    concurrency: Flags.integer({
      description: 'Files to move at the same time. Default: 8.',
      helpValue: '<number>',
      min: 1,
    }),
  };

  protected override isResumable = true;

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Migrate);
    const { id, destination, db } = args;
    const isDry = flags['dry-run'];
    if (!isDry && !flags.force) {
      this.requireTerminal('add --yes or --force to move the files, or --dry-run to list them');
    }
    const continueOnError = flags['continue-on-error'];
    const shared = { continueOnError, concurrency: flags.concurrency, signal: this.signal };
    const syn = await this.connect(flags);
    let result = await syn.migrate.index(id, destination, db, {
      sourceStorageLocationIds: flags['source-storage-location-ids'],
      fileVersionStrategy: flags['file-version-strategy'],
      includeTableFiles: flags['include-table-files'],
      ...shared,
      onProgress: this.#countIndexed(),
    });
    const found = await result.summary();
    this.log(indexedLine(found, destination));
    const isWork = found.counts.INDEXED + found.counts.ERRORED > 0;
    let state: MigrationReport['state'] = isWork ? 'migrated' : 'nothing';
    if (isDry) state = 'planned';
    if (!isWork) this.log('No files found needing migration.');
    if (isDry) this.log(await migrationListing(result, found, db));
    else if (isWork) {
      const confirm = async (migration: MigrationToConfirm): Promise<boolean> => {
        const isYes = flags.force || (await this.#confirm(migration));
        if (!isYes) state = 'aborted';
        return isYes;
      };
      try {
        result = await syn.migrate.run(db, {
          createTableSnapshots: flags['table-snapshots'],
          confirm,
          ...shared,
          onProgress: await this.progress(),
        });
      } finally {
        await this.#writeLog(result, flags['csv-log-path']);
      }
    }
    if (!isWork || isDry) await this.#writeLog(result, flags['csv-log-path']);
    const report = await this.#report(result, {
      id,
      storageLocationId: destination,
      index: db,
      state,
    });
    return this.#finish(result, report);
  }

  #countIndexed(): () => void {
    let count = 0;
    return () => {
      count += 1;
      if (count % noteEvery === 0) this.note(`${count} files and tables indexed so far.`);
    };
  }

  async #confirm({ files, storageLocationId }: MigrationToConfirm): Promise<boolean> {
    const question = `${files} items for migration to ${storageLocationId}. Proceed? (y/n)?`;
    const answer = await ask(question, { secret: false, signal: this.signal });
    return /^y(?:es)?$/i.test(answer.trim());
  }

  async #writeLog(result: MigrationResult, path: string | undefined): Promise<void> {
    if (path === undefined) return;
    await result.toCsv(path);
    this.note(`Log written to ${path}`);
  }

  async #report(
    result: MigrationResult,
    about: Pick<MigrationReport, 'id' | 'index' | 'state' | 'storageLocationId'>,
  ): Promise<MigrationReport> {
    const report: MigrationReport = { ...about, ...(await result.summary()) };
    if (about.state !== 'planned' || !this.jsonEnabled()) return report;
    const items: MigrationRow[] = [];
    for await (const item of result) items.push(item);
    const leftOutItems: LeftOutFile[] = [];
    for await (const item of result.leftOut()) leftOutItems.push(item);
    return { ...report, items, leftOutItems };
  }

  async #finish(result: MigrationResult, report: MigrationReport): Promise<MigrationReport> {
    const { id, state, counts, leftOut } = report;
    if (state === 'aborted') this.log('Migration aborted.');
    if (state === 'migrated') {
      const { MIGRATED, ERRORED } = counts;
      const without = leftOut === 0 ? '' : `, ${leftOut} files left out`;
      this.log(
        `Completed migration of ${id}. ${MIGRATED} files migrated. ${ERRORED} errors encountered${without}`,
      );
    }
    const failures: { path: string; error: Error }[] = [];
    for await (const { status, error, ...row } of result) {
      if (status !== 'ERRORED') continue;
      const version = row.type === 'file' && row.version !== null ? `.${row.version}` : '';
      const cell = row.rowId === null ? '' : ` row ${row.rowId} column ${row.columnName}`;
      failures.push({ path: `${row.id}${version}${cell}`, error: new Error(error ?? '') });
    }
    await this.throwFailed('migrated', failures, report);
    return report;
  }
}

function indexedLine({ counts, leftOut }: MigrationSummary, destination: string): string {
  const { INDEXED, MIGRATED, ALREADY_MIGRATED, ERRORED } = counts;
  const before = MIGRATED === 0 ? '' : `, ${MIGRATED} migrated before`;
  const without = leftOut === 0 ? '' : ` Left out ${leftOut} files.`;
  return (
    `Indexed ${INDEXED + MIGRATED + ALREADY_MIGRATED} items, ${INDEXED} needing migration${before}, ${ALREADY_MIGRATED} already ` +
    `stored in destination storage location (${destination}). Encountered ${ERRORED} errors.${without}`
  );
}
