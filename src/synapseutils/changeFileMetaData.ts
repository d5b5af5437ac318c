import type { ChangeMetadataOptions } from '../copy/changeMetadata.js';
import type { File, Stored } from '../entities/entityClasses.js';
import type { Synapse } from '../synapse.js';
import type { EntityRef } from '../values/ids.js';

/**
 * Changes the name of a file, the name that it has when it is downloaded, and its media type. Nothing is uploaded. Same as
 * `syn.changeMetadata`.
 *
 * @returns The file.
 * @throws ArgumentError when the entity is no file.
 */
export function changeFileMetaData(
  syn: Pick<Synapse, 'changeMetadata'>,
  entity: EntityRef,
  options: ChangeMetadataOptions,
): Promise<File & Stored> {
  return syn.changeMetadata(entity, options);
}
