import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { SynapseError, type Failure } from '../../errors.js';
import { ViewRowError, ViewUpdateError } from './updateViewError.js';
import { partialRow, partialRowBytes, partialRowSet, type PartialCells } from './partialRow.js';
import { runTransaction } from './transaction.js';
import type { UpdateOptions } from './updateOptions.js';
import type { Spool } from './updateSpool.js';
import { waitForView } from '../views/waitForView.js';

/** New annotations of an entity or submission. */
export interface ViewRowUpdate {
  /** The number of the row in the input. */
  row: number;
  rowId: number;
  etag: string;
  cells: PartialCells;
}

/** Somewhat below the 2 MiB of a request. */
const mostBytes = 1_600_000;
const mostRows = 5_000;

/** The name of the object of a row: only entities have a prefix. */
export function objectId(view: M.ViewEntityType | undefined, rowId: number): string {
  return view === 'submissionview' ? String(rowId) : `syn${rowId}`;
}

/** Rows of a view to send. */
export interface ViewRowUpdates {
  viewId: string;
  view: M.ViewEntityType | undefined;
  rows: Spool<ViewRowUpdate>;
  /** Rows that cannot be sent. */
  failures: readonly Failure[];
}

/**
 * Changes the annotations of the rows. Each row is changed on its own, or not.
 *
 * @returns The number of rows that were changed.
 * @throws {@link ViewUpdateError} at the end, when some rows were not changed.
 */
export async function updateViewRows(
  ctx: Context,
  { viewId, view, rows, failures: before }: ViewRowUpdates,
  options: UpdateOptions,
): Promise<number> {
  const failures: Failure[] = [...before];
  const updated: { id: string; oldEtag: string }[] = [];
  const bytesOf = ({ cells }: ViewRowUpdate): number => partialRowBytes(cells);
  for await (const batch of rows.batches(mostRows, mostBytes, bytesOf)) {
    let results: readonly M.EntityUpdateResult[];
    try {
      results = await sendBatch(ctx, viewId, batch, options);
    } catch (error) {
      if (updated.length === 0 && failures.length === 0) throw error;
      if (!(error instanceof SynapseError)) throw error;
      failures.push({ path: `row ${batch[0]?.row ?? 0} and all after it`, error });
      break;
    }
    batch.forEach((item, index) => {
      const id = objectId(view, item.rowId);
      const failure = failureOf(results[index], item, id);
      if (failure === undefined) updated.push({ id, oldEtag: item.etag });
      else failures.push({ path: id, error: failure });
    });
  }
  const { wait = false, signal, onProgress } = options;
  if (wait && updated.length > 0) {
    await waitForView(ctx, viewId, { until: updated, signal, onProgress });
  }
  if (failures.length > 0) throw new ViewUpdateError(updated.length, failures);
  return updated.length;
}

async function sendBatch(
  ctx: Context,
  viewId: string,
  batch: readonly ViewRowUpdate[],
  options: UpdateOptions,
): Promise<readonly M.EntityUpdateResult[]> {
  const change: M.AppendableRowSetRequest = {
    concreteType: 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest',
    toAppend: partialRowSet(
      viewId,
      batch.map((item) => partialRow(item, item.cells)),
    ),
  };
  const [result] = await runTransaction(ctx, viewId, [change], options);
  const results =
    result !== undefined && 'updateResults' in result ? (result.updateResults ?? []) : [];
  if (results.length === batch.length) return results;
  throw new SynapseError(
    `Synapse reports the results of ${results.length} rows of ${viewId}, but ${batch.length} were sent. Query the view to see what was changed.`,
    { code: 'ROW_COUNT' },
  );
}

const reasons: Readonly<Partial<Record<string, string>>> = {
  NOT_FOUND: 'it does not exist any more',
  UNAUTHORIZED: 'you lack the permission to update it',
  CONCURRENT_UPDATE:
    'it has changed since the row was read. Read the row again and repeat the change',
  ILLEGAL_ARGUMENT: 'Synapse refused the values',
  UNKNOWN: 'Synapse failed',
};

function failureOf(
  result: M.EntityUpdateResult | undefined,
  { row }: ViewRowUpdate,
  entityId: string,
): ViewRowError | undefined {
  if (result?.failureCode === undefined) return undefined;
  const { failureCode: code, failureMessage } = result;
  const reason = reasons[code] ?? `Synapse failed with ${code}`;
  return rowError({
    code,
    entityId,
    row,
    reason: [reason, failureMessage].filter(Boolean).join(': '),
  });
}

/** The error of a row that was not changed. */
export function rowError({
  code,
  entityId,
  row,
  reason,
}: {
  code: string;
  entityId: string;
  row: number;
  reason: string;
}): ViewRowError {
  return new ViewRowError(`Row ${row}: ${entityId} was not changed: ${reason}`, {
    code,
    entityId,
    row,
  });
}
