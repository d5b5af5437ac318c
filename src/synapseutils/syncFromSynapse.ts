import type { Parent } from '../entities/entityClasses.js';
import type { Synapse } from '../synapse.js';
import type { DownloadItem } from '../sync/download/downloadItem.js';
import type { SyncFromSynapseOptions } from '../sync/download/syncFromSynapse.js';
import type { SyncReport } from '../sync/plan/syncReport.js';

/**
 * Downloads a project, folder or file into a local directory. Same as `syn.syncFromSynapse`.
 *
 * @returns What was done. Failures of single items are in it.
 */
export function syncFromSynapse(
  syn: Pick<Synapse, 'syncFromSynapse'>,
  parent: Parent,
  directory: string,
  options: SyncFromSynapseOptions = {},
): Promise<SyncReport<DownloadItem>> {
  return syn.syncFromSynapse(parent, directory, options);
}
