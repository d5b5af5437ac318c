import type * as M from '../../generated/models.js';
import { getColumns } from '../columns/getColumns.js';
import type { StoredColumn } from '../columns/columnModel.js';
import { errorFromResponse } from '../api/errorFromResponse.js';
import type { Context } from '../context.js';
import { rowsWhere } from '../tables/rows/matchRows.js';
import { joinColumnNames } from '../values/sql.js';
import { judgeHandle, type Judged } from './judgeHandle.js';
import type { IndexedItem } from './indexRows.js';
import type { IndexRun } from './indexRun.js';
import type { WorkItem } from './workItem.js';

/** File handles of one request. */
const handlesAtOnce = 100;

/** A cell with a file. */
interface FileCell extends IndexedItem {
  parentId: string | null;
  fileHandleId: string;
}

/** A cell whose file cannot be read, and why. */
export interface FailedCell {
  cell: FileCell;
  error: Error;
}

/** Reads the cells of a table that have files, and decides what becomes of each. The result comes in parts. */
export async function* indexTable(
  run: IndexRun,
  item: WorkItem,
  signal: AbortSignal,
): AsyncGenerator<{ judged: Judged[]; failed: FailedCell[] }> {
  const { id } = item;
  const columns = await getColumns(run.ctx, id, { signal });
  const files = columns.filter(({ columnType }) => columnType === 'FILEHANDLEID');
  if (files.length === 0) return;
  for await (const cells of batches(cellsOf(run, item, files, signal))) {
    const handles = await readHandles(run.ctx, cells, signal);
    const judged: Judged[] = [];
    const failed: FailedCell[] = [];
    for (const { fileHandleId, ...cell } of cells) {
      const found = handles.get(fileHandleId);
      if (found instanceof Error) failed.push({ cell: { fileHandleId, ...cell }, error: found });
      else if (found !== undefined) judged.push(judgeHandle(found, cell, run.settings));
    }
    yield { judged, failed };
  }
}

async function* cellsOf(
  { ctx }: IndexRun,
  { id, parentId }: WorkItem,
  columns: readonly StoredColumn[],
  signal: AbortSignal,
): AsyncGenerator<FileCell> {
  const condition = columns
    .map((column) => `${joinColumnNames([column])} IS NOT NULL`)
    .join(' OR ');
  for await (const row of rowsWhere(ctx, { tableId: id, columns }, condition, { signal })) {
    const { rowId = null, versionNumber: version = null } = row.reference;
    for (const [index, column] of columns.entries()) {
      const fileHandleId = row.cells[index];
      if (!fileHandleId) continue;
      const columnId = Number(column.id);
      yield { id, type: 'table', version, rowId, columnId, parentId, fileHandleId };
    }
  }
}

/** Collects cells up to the file handles of one request. */
async function* batches(cells: AsyncIterable<FileCell>): AsyncGenerator<FileCell[]> {
  let batch: FileCell[] = [];
  for await (const cell of cells) {
    batch.push(cell);
    if (batch.length < handlesAtOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Reads file handles, each once. @returns by their ids, or why one cannot be read */
export async function readHandles(
  ctx: Context,
  cells: readonly Pick<FileCell, 'fileHandleId' | 'id'>[],
  signal: AbortSignal,
): Promise<Map<string, M.FileHandle | Error>> {
  const requested = new Map(cells.map(({ id, fileHandleId }) => [fileHandleId, id]));
  const { requestedFiles } = await ctx.services.file.getFileHandleBatch(
    {
      body: {
        requestedFiles: [...requested].map(([fileHandleId, associateObjectId]) => ({
          fileHandleId,
          associateObjectId,
          associateObjectType: 'TableEntity',
        })),
        includeFileHandles: true,
        includePreSignedURLs: false,
      },
    },
    { signal },
  );
  const found = new Map<string, M.FileHandle | Error>();
  for (const fileHandleId of requested.keys()) {
    const result = requestedFiles.find((each) => each.fileHandleId === fileHandleId);
    found.set(fileHandleId, result?.fileHandle ?? unreadable(fileHandleId, result?.failureCode));
  }
  return found;
}

function unreadable(fileHandleId: string, failureCode: string | undefined): Error {
  const isMissing = failureCode === 'NOT_FOUND';
  return errorFromResponse({
    status: isMissing ? 404 : 403,
    method: 'POST',
    url: '/file/v1/fileHandle/batch',
    text: `The file handle ${fileHandleId} cannot be copied: ${isMissing ? 'it does not exist' : 'you may not download it'}`,
  });
}
