import type { Parent } from '../entities/entityClasses.js';
import type { Synapse } from '../synapse.js';
import type { SyncReport } from '../sync/plan/syncReport.js';
import type { SyncToSynapseOptions } from '../sync/upload/syncToSynapse.js';

/**
 * Uploads the files of a manifest, or of a directory. Same as `syn.syncToSynapse`.
 *
 * @returns What was done. Failures of single files are in it.
 */
export function syncToSynapse(
  syn: Pick<Synapse, 'syncToSynapse'>,
  source: string,
  parent?: Parent,
  options: SyncToSynapseOptions = {},
): Promise<SyncReport> {
  return syn.syncToSynapse(source, parent, options);
}
