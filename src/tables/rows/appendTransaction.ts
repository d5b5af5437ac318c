import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import type { CommonOptions, Progress } from '../../options.js';
import { mayBeApplied } from './appendError.js';

/** How a transaction ended: with results, or with an error and whether it may have been applied nevertheless. */
export type TransactionEnd =
  | { results: readonly M.TableUpdateResponse[]; error?: undefined }
  | { results?: undefined; error: unknown; mayBeApplied: boolean };

/**
 * Runs a transaction of a table. It is never sent twice: the service could apply it twice.
 *
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/transaction/async/start.html
 */
export async function appendTransaction(
  ctx: Context,
  { tableId, changes }: { tableId: string; changes: M.TableUpdateRequest[] },
  { signal, onProgress }: CommonOptions,
): Promise<TransactionEnd> {
  let isStarted = false;
  const watch = (progress: Progress): void => {
    if (progress.state === 'start') isStarted = true;
    onProgress?.(progress);
  };
  try {
    const { results = [] } = await ctx.http.runJob(
      {
        concreteType: 'org.sagebionetworks.repo.model.table.TableUpdateTransactionRequest',
        entityId: tableId,
        changes,
      },
      { id: tableId },
      { signal, onProgress: watch },
    );
    return { results };
  } catch (error) {
    return { error, mayBeApplied: mayBeApplied(error, isStarted) };
  }
}
