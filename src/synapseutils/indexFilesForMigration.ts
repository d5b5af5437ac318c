import type { IndexFilesOptions } from '../migrate/indexFilesForMigration.js';
import type { MigrationResult } from '../migrate/migrationResult.js';
import type { Synapse } from '../synapse.js';
import type { EntityRef } from '../values/ids.js';

/**
 * Finds the files to migrate to another storage location, and writes them into an index. Same as `syn.migrate.index`.
 *
 * @returns The index.
 * @throws ArgumentError for an index with other settings, and a storage location of another user.
 */
export function indexFilesForMigration(
  syn: Pick<Synapse, 'migrate'>,
  entity: EntityRef,
  destinationStorageLocationId: number | string,
  dbPath: string,
  options: IndexFilesOptions = {},
): Promise<MigrationResult> {
  return syn.migrate.index(entity, destinationStorageLocationId, dbPath, options);
}
