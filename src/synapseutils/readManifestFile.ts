import type { ValidManifest, ValidateManifestOptions } from '../sync/manifest/validateManifest.js';
import type { Synapse } from '../synapse.js';

/**
 * Reads a manifest and checks it for an upload. Same as `syn.sync.validateManifest`: problems are returned, all at once.
 *
 * @throws FileSystemError when the manifest cannot be read.
 */
export function readManifestFile(
  syn: Pick<Synapse, 'sync'>,
  manifestFile: string,
  options: ValidateManifestOptions = {},
): Promise<ValidManifest> {
  return syn.sync.validateManifest(manifestFile, options);
}
