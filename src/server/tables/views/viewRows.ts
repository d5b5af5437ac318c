import type * as M from '../../../../generated/models.js';
import type { JobContext } from '../../jobs/jobRunner.js';
import { badRequest, ServiceError } from '../../kernel/serviceError.js';
import type { World } from '../../world.js';
import type { StoredColumn } from '../columnModels.js';
import { partialRowSetChanges, rowSetChanges } from '../rowSets.js';
import type { RowChange } from '../rowWriter.js';
import { CsvRowReader, openUpload, uploadedRows } from '../tableUpload.js';
import { annotationChanges, normalCell } from './annotationChanges.js';
import type { ViewKind } from './viewKind.js';

/** A row of a view to change. */
export interface ViewRow {
  readonly rowId?: number | undefined;
  readonly etag?: string | undefined;
  readonly cells: readonly { readonly column: StoredColumn; readonly value: string | null }[];
}

/** Milliseconds of work after which other requests are processed. */
const sliceMillis = 20;

/** The rows of a row set for a view, or of a partial one. @throws 400 */
export function rowsOf(
  viewId: string,
  toAppend: M.PartialRowSet | M.RowSet | undefined,
  schema: readonly StoredColumn[],
): ViewRow[] {
  if (toAppend === undefined) {
    throw badRequest('AppendableRowSetRequest.toAppend is required.');
  }
  if (toAppend.tableId !== viewId) {
    throw badRequest(
      'The table id in the rowSet must match the entity id in the request ' +
        `(Expected: ${viewId}, Found: ${toAppend.tableId ?? 'null'})`,
    );
  }
  if (toAppend.concreteType === 'org.sagebionetworks.repo.model.table.PartialRowSet') {
    // Called for its checks of the whole set.
    partialRowSetChanges(toAppend, schema);
    return (toAppend.rows ?? []).map((row) => ({
      rowId: row.rowId,
      etag: row.etag,
      cells: (row.values ?? []).flatMap(({ key, value }) => {
        const column = schema.find(({ id }) => id === key);
        return column === undefined ? [] : [{ column, value: value ?? null }];
      }),
    }));
  }
  const etags = (toAppend.rows ?? []).map(({ etag }) => etag);
  return rowSetChanges(toAppend, schema).map((change, index) =>
    wholeRow({ ...change, etag: etags[index] }, schema, index),
  );
}

/** The rows of an uploaded CSV file. @throws 400, 403, 404 */
export async function* uploadedViewRows(
  world: World,
  request: M.UploadToTableRequest,
  schema: readonly StoredColumn[],
  { caller, signal }: JobContext,
): AsyncGenerator<ViewRow, void, undefined> {
  const upload = openUpload(world, caller, request);
  if ((request.columnIds?.length ?? 0) > 0) {
    throw badRequest('Unsupported columnIds');
  }
  const reader = new CsvRowReader(schema, upload);
  let index = 0;
  for await (const rows of uploadedRows(world, upload, signal)) {
    for (const row of rows) {
      const change = reader.read(row);
      if (change !== undefined) {
        yield wholeRow(change, schema, index);
        index += 1;
      }
    }
  }
  reader.end();
}

function wholeRow(
  change: RowChange & { readonly etag?: string | undefined },
  schema: readonly StoredColumn[],
  row: number,
): ViewRow {
  const { rowId, etag, columns, values } = change;
  const cells = columns.flatMap((position, index) => {
    const column = schema[position];
    return column === undefined || values === undefined
      ? []
      : [{ column, value: normalCell(values[index] ?? null, column, { row, position }) }];
  });
  return { rowId, etag, cells };
}

/**
 * Changes the annotations of objects independently. The result of each contains its error, if any.
 */
export async function updateRows(
  world: World,
  kind: ViewKind,
  schema: readonly StoredColumn[],
  rows: AsyncIterable<ViewRow> | Iterable<ViewRow>,
  { caller, signal, progress }: JobContext,
): Promise<M.EntityUpdateResults> {
  const updateResults: M.EntityUpdateResult[] = [];
  let sliceStart = performance.now();
  for await (const row of rows) {
    signal.throwIfAborted();
    const failure = failureOf(() =>
      world.store.transaction(() => updateRow(world, kind, schema, row, caller)),
    );
    updateResults.push({
      ...(row.rowId !== undefined && { entityId: `syn${row.rowId}` }),
      ...failure,
    });
    if (performance.now() - sliceStart > sliceMillis) {
      progress(updateResults.length, updateResults.length, `${updateResults.length} rows`);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      sliceStart = performance.now();
    }
  }
  return {
    concreteType: 'org.sagebionetworks.repo.model.table.EntityUpdateResults',
    updateResults,
  };
}

function updateRow(
  world: World,
  kind: ViewKind,
  schema: readonly StoredColumn[],
  { rowId, etag, cells }: ViewRow,
  caller: JobContext['caller'],
): void {
  if (cells.length === 0) {
    return;
  }
  if (rowId === undefined) {
    throw badRequest('row.rowId is required.');
  }
  const wanted = etag ?? etagCell(schema, cells);
  const changes = annotationChanges(kind, cells);
  if (changes.size > 0) {
    kind.annotate(world, caller, { id: rowId, etag: wanted }, changes);
  }
}

/** The etag in a separate column, as older clients send it. @throws 400 when there is none */
function etagCell(schema: readonly StoredColumn[], cells: ViewRow['cells']): string {
  if (!schema.some(({ name }) => name === 'etag')) {
    throw badRequest("The view schema must include 'etag' column.");
  }
  const etag = cells.find(({ column }) => column.name === 'etag')?.value ?? null;
  if (etag === null) {
    throw badRequest("The 'etag' must be included to update an Entity's annotations.");
  }
  return etag;
}

/** Runs `work` and returns its error, if any. */
function failureOf(work: () => void): Pick<M.EntityUpdateResult, 'failureCode' | 'failureMessage'> {
  try {
    work();
    return {};
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      throw error;
    }
    switch (error.status) {
      case 404:
        return { failureCode: 'NOT_FOUND' };
      case 403:
        return { failureCode: 'UNAUTHORIZED' };
      case 412:
        return { failureCode: 'CONCURRENT_UPDATE' };
      case 400:
        return { failureCode: 'ILLEGAL_ARGUMENT', failureMessage: error.message };
      default:
        return { failureCode: 'UNKNOWN', failureMessage: error.message };
    }
  }
}
