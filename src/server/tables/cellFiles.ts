import type * as M from '../../../generated/models.js';
import { hasAccess, requireAccess } from '../access/requireAccess.js';
import { numericId, parseIdAndVersion } from '../entities/entityIds.js';
import type { HandleRecord } from '../files/handleRecords.js';
import { previewOf } from '../files/previews.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import { getColumn } from './columnModels.js';
import { noFile } from './tableMeta.js';
import type { Tables } from './tables.js';

/** The address of a cell in a file column. */
export interface CellAddress {
  readonly entityId: string;
  readonly columnId: string;
  readonly rowId: number;
  readonly versionNumber: number;
}

/** Registers the files in cells: users who may download a table may download them. */
export function defineTableFiles(tables: Tables): void {
  const { files } = tables.world;
  files.defineAssociation('TableEntity', (caller, objectId, fileHandleId) => {
    const { id } = parseIdAndVersion(objectId);
    return (
      /^[1-9]\d{0,14}$/.test(fileHandleId) &&
      hasAccess(tables.world, caller, id, 'DOWNLOAD') &&
      holdsFile(tables, numericId(id), Number(fileHandleId))
    );
  });
  files.defineLink(
    (fileHandleId) =>
      /^[1-9]\d{0,14}$/.test(fileHandleId) && holdsFile(tables, undefined, Number(fileHandleId)),
  );
}

/** Whether a file was ever put into a cell of a table, or of any table. */
function holdsFile(tables: Tables, tableId: number | undefined, fileId: number): boolean {
  if (!tables.hasFile) {
    return false;
  }
  const row =
    tableId === undefined
      ? tables.db.get('SELECT 1 FROM cell_files WHERE file_id = ? LIMIT 1', [fileId])
      : tables.db.get('SELECT 1 FROM cell_files WHERE table_id = ? AND file_id = ? LIMIT 1', [
          tableId,
          fileId,
        ]);
  return row !== undefined;
}

/**
 * The file that a cell had in a version of its row.
 *
 * @throws 404 when there is none, 403 without DOWNLOAD, 400 for a column of another type
 */
export function cellFile(tables: Tables, caller: Caller, cell: CellAddress): HandleRecord {
  const { id } = parseIdAndVersion(cell.entityId);
  requireAccess(tables.world, caller, id, 'READ');
  requireAccess(tables.world, caller, id, 'DOWNLOAD');
  const column = getColumn(tables.world, cell.columnId);
  if (column.columnType !== 'FILEHANDLEID') {
    throw badRequest(`Column ${column.id} is not of type FILEHANDLEID`);
  }
  const row = tables.hasFile
    ? tables.db.get(
        'SELECT file_id FROM cell_files WHERE table_id = ? AND row_id = ? AND column_id = ? ' +
          'AND version <= ? ORDER BY version DESC LIMIT 1',
        [numericId(id), cell.rowId, Number(column.id), cell.versionNumber],
      )
    : undefined;
  if (row === undefined || row['file_id'] === noFile) {
    throw notFound(`Row ID: ${cell.rowId} has no file in column ${column.id}`);
  }
  return tables.world.files.get(String(row['file_id']));
}

/** The preview of the file of a cell. @throws as {@link cellFile}, 404 when there is none */
export async function cellPreview(
  tables: Tables,
  caller: Caller,
  cell: CellAddress,
): Promise<M.FileHandle> {
  const handle = cellFile(tables, caller, cell);
  const preview = await previewOf(tables.world, handle);
  if (preview === undefined) {
    throw notFound(`A preview does not exist for file ${handle.id}`);
  }
  return preview;
}

/**
 * The files in the cells of rows.
 *
 * @throws 400 for a header that is not a file column, 403 without DOWNLOAD
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/filehandles.html
 */
export function tableFileHandles(
  tables: Tables,
  caller: Caller,
  entityId: string,
  references: M.RowReferenceSet,
): M.TableFileHandleResults {
  const headers = references.headers ?? [];
  const rows = (references.rows ?? []).map(({ rowId, versionNumber }) => ({
    list: headers.map(({ id }) => {
      if (rowId === undefined || versionNumber === undefined || id === undefined) {
        throw badRequest('rowId, versionNumber and the ids of the headers are required.');
      }
      return cellFile(tables, caller, { entityId, columnId: id, rowId, versionNumber });
    }),
  }));
  return { tableId: entityId, headers, rows };
}
