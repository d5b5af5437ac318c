import { ArgumentError } from '../errors.js';
import type { CopiedFileHandle, FileHandleToCopy } from '../fileHandles/copyFileHandles.js';
import type { CommonOptions } from '../options.js';
import type { Synapse } from '../synapse.js';
import { idOf } from '../values/ids.js';

type ObjectType = FileHandleToCopy['associateObjectType'];

/** A file handle, or its id. */
type Handle = string | number | { id?: string };

/**
 * Copies file handles, any number of them, 100 in a request. The content is not copied. Same as `syn.fileHandles.copy`, with a list
 * for each of the properties.
 *
 * @param fileHandles - File handles, or their ids.
 * @param associateObjectTypes - The type of the object that refers to each: `FileEntity`, `TableEntity`, `WikiAttachment` and so on.
 * @param associateObjectIds - The id of that object.
 * @param newContentTypes - The media type of each copy. `null` or `undefined` keeps that of the original.
 * @param newFileNames - The name of each copy, in the same way.
 * @returns A result for each, in their order: the new file handle, or why there is none.
 * @throws ArgumentError when the lists differ in length.
 */
export function copyFileHandles(
  syn: Pick<Synapse, 'fileHandles'>,
  fileHandles: readonly Handle[],
  associateObjectTypes: readonly ObjectType[],
  associateObjectIds: readonly string[],
  newContentTypes?: readonly (string | null | undefined)[] | null,
  newFileNames?: readonly (string | null | undefined)[] | null,
  options: CommonOptions = {},
): Promise<CopiedFileHandle[]> {
  const given = { associateObjectTypes, associateObjectIds, newContentTypes, newFileNames };
  for (const [name, list] of Object.entries(given)) {
    if (!list || list.length === fileHandles.length) continue;
    throw new ArgumentError(
      `All lists must have the same length: fileHandles has ${fileHandles.length} items, ${name} ${list.length}.`,
    );
  }
  const files = fileHandles.map((handle, index) => ({
    fileHandleId: idOf(handle),
    associateObjectType: associateObjectTypes[index] ?? 'FileEntity',
    associateObjectId: associateObjectIds[index] ?? '',
    newContentType: newContentTypes?.[index] ?? undefined,
    newFileName: newFileNames?.[index] ?? undefined,
  }));
  return syn.fileHandles.copy(files, options);
}
