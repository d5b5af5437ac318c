import type * as M from '../../../generated/models.js';
import { isLostAnswer } from '../../api/isLostAnswer.js';
import type { JobOptions } from '../../api/runJob.js';
import type { Context } from '../../context.js';
import {
  AsyncJobError,
  MalformedResponseError,
  PreconditionFailedError,
  ServerError,
  SynapseError,
  TimeoutError,
} from '../../errors.js';
import { UnconfirmedError } from './transactionError.js';
import type { CommonOptions, Progress } from '../../options.js';

/** How a transaction is run. */
export interface TransactionOptions
  extends CommonOptions, Pick<JobOptions, 'stallTimeout' | 'timeout'> {}

/**
 * Changes a table in one transaction: all of the changes are applied, or none. The changes of a view are independent of each
 * other.
 *
 * @returns The result of each change, in the order of the changes.
 * @throws {@link AsyncJobError} when Synapse refuses a change; nothing was changed then. `cause` is the HTTP error.
 * @throws {@link UnconfirmedError} when it is not known whether the changes were applied.
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/transaction/async/start.html
 */
export async function runTransaction(
  ctx: Context,
  tableId: string,
  changes: readonly M.TableUpdateRequest[],
  { signal, onProgress, timeout, stallTimeout }: TransactionOptions = {},
): Promise<M.TableUpdateResponse[]> {
  let isStarted = false;
  const watch = (progress: Progress): void => {
    isStarted ||= progress.state === 'start';
    onProgress?.(progress);
  };
  let response: M.TableUpdateTransactionResponse;
  try {
    response = await ctx.http.runJob(
      {
        concreteType: 'org.sagebionetworks.repo.model.table.TableUpdateTransactionRequest',
        entityId: tableId,
        changes: changes.map((change) => ({ entityId: tableId, ...change })),
      },
      { id: tableId },
      { signal, onProgress: watch, timeout, stallTimeout },
    );
  } catch (error) {
    throw unconfirmed(error, tableId, isStarted) ?? error;
  }
  const { results = [] } = response;
  if (results.length === changes.length) return results;
  throw new MalformedResponseError({
    operation: 'table.getTableTransactionResult',
    field: 'results',
    expected: `the results of ${changes.length} changes`,
    actual: `a list of ${results.length}`,
  });
}

/** The error to throw when the changes may have been applied in spite of an error. */
function unconfirmed(
  error: unknown,
  tableId: string,
  isStarted: boolean,
): UnconfirmedError | undefined {
  if (error instanceof AsyncJobError && isFailure(error)) return undefined;
  // The reason of an aborted signal is passed on unchanged.
  if (!(error instanceof SynapseError)) return undefined;
  if (!isStarted && !(error instanceof AsyncJobError) && !isLostAnswer(error)) return undefined;
  const why =
    error instanceof TimeoutError && isStarted
      ? error.message
      : `The answer of Synapse was lost: ${error.message}`;
  return new UnconfirmedError(
    `It is not known whether ${tableId} was changed. ${why} A transaction is applied as a whole or not at all. ` +
      'Query the table for one of the rows before you send the change again.',
    { isStarted, cause: error },
  );
}

/** Whether Synapse said that the job has failed. A proxy that answers in its place does not know; nor does a job without an id. */
function isFailure({ cause, jobId }: AsyncJobError): boolean {
  return jobId !== '' && !(cause instanceof ServerError);
}

/** Whether Synapse refused a change because a row was changed or deleted after it was read. */
export function isStaleRow(error: unknown): error is AsyncJobError {
  return (
    error instanceof AsyncJobError &&
    (error.cause instanceof PreconditionFailedError ||
      /^Row id: \d+ has been changed since last read/.test(error.message))
  );
}

/**
 * Sends changes of rows by their versions again when the answer to the first attempt was lost. That is safe: if the first attempt
 * was applied, Synapse refuses the second one, because the rows have changed.
 *
 * @param wasApplied - Called when the second attempt was refused: whether the rows are as the first one makes them.
 */
export async function sendTwice(
  send: () => Promise<unknown>,
  wasApplied: () => Promise<boolean>,
): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof UnconfirmedError) || error.isStarted) throw error;
    try {
      await send();
    } catch (again) {
      if (isStaleRow(again) && (await wasApplied())) return;
      throw again;
    }
  }
}
