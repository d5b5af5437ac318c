import { anything, count, flag, listOf, members, text, type Shape } from '../shape.js';
import { jobToken } from './common.js';

/** The answers to the three questions about a list. */
const details = members(
  { concreteType: text },
  {
    page: listOf(
      members(
        {},
        {
          fileEntityId: text,
          versionNumber: count,
          fileHandleId: text,
          fileName: text,
          fileSizeBytes: count,
          isEligibleForPackaging: flag,
          action: members(
            { concreteType: text },
            { accessRequirementId: count, benefactorId: count },
          ),
          count,
        },
      ),
    ),
    nextPageToken: text,
    totalNumberOfFiles: count,
    numberOfFilesAvailableForDownload: count,
    numberOfFilesAvailableForDownloadAndEligibleForPackaging: count,
    numberOfFilesRequiringAction: count,
    sumOfFileSizesAvailableForDownload: count,
  },
);

const file = members({ resultFileHandleId: text });

export const downloadListShapes: readonly (readonly [string, Shape])[] = [
  ['downloadList.addToDownloadList', members({}, { numberOfFilesAdded: count })],
  ['downloadList.clearDownloadList', anything],
  ['downloadList.getAddToDownloadListResult', members({}, { numberOfFilesAdded: count })],
  ['downloadList.getDownloadListManifestResult', file],
  ['downloadList.getDownloadListPackageResult', file],
  ['downloadList.getDownloadListQueryResult', members({ responseDetails: details })],
  ['downloadList.removeFromDownloadList', members({}, { numberOfFilesRemoved: count })],
  ['downloadList.startAddToDownloadList', jobToken],
  ['downloadList.startDownloadListManifest', jobToken],
  ['downloadList.startDownloadListPackage', jobToken],
  ['downloadList.startDownloadListQuery', jobToken],
];
