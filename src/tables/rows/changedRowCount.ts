import type * as M from '../../../generated/models.js';

/** The number of rows that Synapse says it has written; `undefined` when it does not say. */
export function changedRowCount(result: M.TableUpdateResponse): number | undefined {
  if ('rowsProcessed' in result) return result.rowsProcessed;
  return 'rowReferenceSet' in result ? result.rowReferenceSet?.rows?.length : undefined;
}
