import type { Parent } from '../entities/entityClasses.js';
import type { CommonOptions } from '../options.js';
import type { GeneratedManifest } from '../sync/manifest/generateManifest.js';
import type { Synapse } from '../synapse.js';

/**
 * Makes the manifest of a local directory in the older form (`path`, `parent`, TABs). Same as `syn.sync.generateManifest`, which
 * also writes `manifest.csv`.
 *
 * @returns What is in the manifest, and what is not.
 * @throws NotFoundError when the parent does not exist.
 */
export function generateSyncManifest(
  syn: Pick<Synapse, 'sync'>,
  directory: string,
  parent: Parent,
  manifestPath: string,
  options: CommonOptions = {},
): Promise<GeneratedManifest> {
  return syn.sync.generateManifest(directory, parent, { ...options, manifestPath, form: 'tsv' });
}
