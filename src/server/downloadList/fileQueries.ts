import type * as M from '../../../generated/models.js';
import { parseEntityReference } from '../entities/entityIds.js';
import { findEntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { readPageToken } from '../tables/query/pageTokens.js';
import { queryPage } from '../tables/query/queryBundle.js';
import { tablesOf } from '../tables/tables.js';
import type { World } from '../world.js';
import { maxFiles, type WantedFile } from './downloadListItems.js';

/**
 * The files in the rows of a view or dataset. Rows of other types are skipped.
 *
 * @throws 400 for a bad query, 403 and 404 without access to the view
 */
export async function filesOfQuery(
  world: World,
  caller: Caller,
  query: M.Query,
  useVersion = true,
): Promise<WantedFile[]> {
  const found: WantedFile[] = [];
  for (let next: M.Query | undefined = query; next !== undefined && found.length <= maxFiles;) {
    const page: M.QueryResult = await queryPage(tablesOf(world), caller, next);
    const source = typeOfTable(world, page.queryResults?.tableId);
    // Row ids of other tables are not entity ids.
    const rows = source === 'entityview' || source === 'dataset' ? page.queryResults?.rows : [];
    for (const { rowId, versionNumber } of rows ?? []) {
      const entityId = `syn${rowId ?? 0}`;
      if (findEntityRecord(world, entityId)?.type === 'file') {
        const isVersioned = useVersion && versionNumber !== undefined;
        found.push({ entityId, ...(isVersioned && { versionNumber }) });
      }
    }
    next = page.nextPageToken && readPageToken(page.nextPageToken.token);
  }
  return found;
}

/** The type of a table, or of the one that a snapshot (`syn12.3`) is of. */
function typeOfTable(world: World, tableId: string | undefined): string | undefined {
  return tableId && findEntityRecord(world, parseEntityReference(tableId).id)?.type;
}
