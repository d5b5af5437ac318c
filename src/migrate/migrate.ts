import type { Context } from '../context.js';
import type { EntityRef } from '../values/ids.js';
import type { IndexFilesOptions } from './indexFilesForMigration.js';
import type { MigrateFilesOptions } from './migrateIndexedFiles.js';
import { MigrationResult } from './migrationResult.js';

/** Moving files to another storage location: `syn.migrate`. */
export class Migrate {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Finds the files to migrate, and writes them into an index: a SQLite database, which the Python client can continue, and whose
   * indexes this client continues. Nothing in Synapse is changed.
   *
   * Run it again after an interruption: what is in the index is not read again, and what could not be read is tried again.
   *
   * @param entity - A project or folder with everything in it, a file, or a table.
   * @param destinationStorageLocationId - A storage location in S3 that the caller has created, in the region of the files.
   * @param dbPath - The path of the index. It is created if there is none.
   * @returns The index: what is to be migrated, what is there already, and what is left out.
   * @throws {@link ArgumentError} for an index with other settings, an unknown strategy, and a storage location of another user.
   * @throws {@link SynapseError} (`INDEX_IN_USE`) while another process uses the index.
   * @see https://rest-docs.synapse.org/rest/POST/entity/children.html
   *
   * @example
   * const found = await syn.migrate.index('syn123', 1234, './migration.db', { fileVersionStrategy: 'all' });
   * console.log(await found.summary());
   */
  async index(
    entity: EntityRef,
    destinationStorageLocationId: number | string,
    dbPath: string,
    options: IndexFilesOptions = {},
  ): Promise<MigrationResult> {
    const { indexFilesForMigration } = await import('./indexFilesForMigration.js');
    return indexFilesForMigration(this.#ctx, entity, destinationStorageLocationId, dbPath, options);
  }

  /**
   * Migrates the files in an index. S3 copies their content: it does not pass through this machine. Each file handle is copied once.
   *
   * Run it again after an interruption, also after the process was killed: it continues, makes no second copy and no second version.
   * A file that has other content now than in the index is indexed again. Files that could not be migrated are tried again.
   *
   * @returns The index: what is migrated, and what is not, with the reason.
   * @throws {@link ArgumentError} when there is no index at the path.
   * @throws The error of the first file that cannot be migrated, unless `continueOnError` is set.
   * @see https://rest-docs.synapse.org/rest/POST/file/multipart.html
   * @see https://rest-docs.synapse.org/rest/PUT/entity/id/version/versionNumber/filehandle.html
   *
   * @example
   * const result = await syn.migrate.run('./migration.db', { continueOnError: true });
   * await result.toCsv('./migration.csv');
   */
  async run(dbPath: string, options: MigrateFilesOptions = {}): Promise<MigrationResult> {
    const { migrateIndexedFiles } = await import('./migrateIndexedFiles.js');
    return migrateIndexedFiles(this.#ctx, dbPath, options);
  }

  /** Opens an index, to see what is in it. */
  open(dbPath: string): MigrationResult {
    return new MigrationResult(this.#ctx, dbPath);
  }
}
