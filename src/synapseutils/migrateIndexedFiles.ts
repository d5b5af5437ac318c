import type { MigrateFilesOptions } from '../migrate/migrateIndexedFiles.js';
import type { MigrationResult } from '../migrate/migrationResult.js';
import type { Synapse } from '../synapse.js';

/**
 * Migrates the files in an index. Same as `syn.migrate.run`.
 *
 * @returns The index: what is migrated, and what is not.
 * @throws ArgumentError when there is no index at the path.
 */
export function migrateIndexedFiles(
  syn: Pick<Synapse, 'migrate'>,
  dbPath: string,
  options: MigrateFilesOptions = {},
): Promise<MigrationResult> {
  return syn.migrate.run(dbPath, options);
}
