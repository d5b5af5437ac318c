import type * as M from '../../../generated/models.js';
import { numericId } from '../entities/entityIds.js';
import { badRequest } from '../kernel/serviceError.js';
import type { ListedFile } from './listedFiles.js';

/** A file of the list, and how the API shows it. */
export interface ShownFile {
  readonly file: ListedFile;
  readonly result: M.DownloadListItemResult;
}

type SortValue = number | string;

const values: Readonly<Record<M.SortField, (shown: ShownFile) => SortValue>> = {
  fileName: ({ file }) => file.record.name.toLowerCase(),
  projectName: ({ result: { projectName = '' } }) => projectName.toLowerCase(),
  synId: ({ file }) => numericId(file.record.id),
  // An item without a version is sorted by the one that it means now.
  versionNumber: ({ file }) => file.version.number,
  addedOn: ({ file }) => file.item.addedOn,
  createdBy: ({ file }) => file.record.createdBy,
  createdOn: ({ file }) => file.record.createdOn,
  fileSize: ({ file }) => file.size,
  isEligibleForPackaging: ({ file }) => Number(file.isPackable),
};

const defaultSort: readonly M.DownloadListSort[] = [
  { field: 'synId', direction: 'ASC' },
  { field: 'versionNumber', direction: 'ASC' },
];

/** Sorts items in the requested order, by id and version by default. The sort is stable. @throws 400 */
export function sortItems(
  items: readonly ShownFile[],
  sort: readonly M.DownloadListSort[] = [],
): ShownFile[] {
  const keys = (sort.length === 0 ? defaultSort : sort).map(({ field, direction }) => {
    if (field === undefined) {
      throw badRequest('sort.field is required.');
    }
    return { value: values[field], sign: direction === 'DESC' ? -1 : 1 };
  });
  return [...items].sort((a, b) => {
    for (const { value, sign } of keys) {
      const [left, right] = [value(a), value(b)];
      if (left !== right) {
        return left < right ? -sign : sign;
      }
    }
    return 0;
  });
}
