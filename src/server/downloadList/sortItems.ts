import type * as M from '../../../generated/models.js';
import { numericId } from '../entities/entityIds.js';
import { badRequest } from '../kernel/serviceError.js';

type SortValue = number | string;

const values: Readonly<Record<M.SortField, (item: M.DownloadListItemResult) => SortValue>> = {
  fileName: ({ fileName = '' }) => fileName.toLowerCase(),
  projectName: ({ projectName = '' }) => projectName.toLowerCase(),
  synId: ({ fileEntityId = 'syn0' }) => numericId(fileEntityId),
  versionNumber: ({ versionNumber = 0 }) => versionNumber,
  addedOn: ({ addedOn = '' }) => addedOn,
  createdBy: ({ createdBy = '0' }) => Number(createdBy),
  createdOn: ({ createdOn = '' }) => createdOn,
  fileSize: ({ fileSizeBytes = 0 }) => fileSizeBytes,
  isEligibleForPackaging: ({ isEligibleForPackaging = false }) => Number(isEligibleForPackaging),
};

/** Sorts items in the requested order. The sort is stable. @throws 400 */
export function sortItems(
  items: readonly M.DownloadListItemResult[],
  sort: readonly M.DownloadListSort[] = [],
): M.DownloadListItemResult[] {
  const keys = sort.map(({ field, direction }) => {
    if (field === undefined) {
      throw badRequest('Each sort needs a field.');
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
